using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>How a note speaks of the patient. Where nobody said, it is "the patient" throughout: a guess from a name would be an
/// invention.</summary>
internal sealed record Pronouns(string Subject, string Object, string Possessive)
{
    public static Pronouns She { get; } = new("she", "her", "her");
    public static Pronouns He { get; } = new("he", "him", "his");
    public static Pronouns Unknown { get; } = new("the patient", "the patient", "the patient's");

    private static readonly HashSet<string> Female = new(StringComparer.Ordinal) { "female", "woman", "lady", "ms", "mrs", "miss", "ma'am",
        "girl" };
    private static readonly HashSet<string> Male = new(StringComparer.Ordinal) { "male", "man", "gentleman", "mr", "sir", "boy" };

    /// <summary>From the chart when it says, else from a clinician's words about or to the patient.</summary>
    public static Pronouns For(Scene scene, ChartFacts chart)
    {
        if (chart.Sex == ChartSex.Female) return She;
        if (chart.Sex == ChartSex.Male) return He;
        var score = 0;
        foreach (var line in scene.Lines)
        {
            if (line.Speaker == Speaker.Guest) continue;
            for (var at = 0; at < line.Words.Count; at++)
            {
                var word = line.Words[at].Text;
                var weight = at + 1 < line.Words.Count && at > 0 && word is "male" or "female" ? 8 : line.IsIntroduction ? 4
                    : line.Speaker == Speaker.Clinician && line.Index < 12 ? 2 : 0;
                if (Female.Contains(word)) score += weight;
                else if (Male.Contains(word)) score -= weight;
                else if (line.IsIntroduction && word is "she" or "her") score += 2;
                else if (line.IsIntroduction && word is "he" or "his" or "him") score -= 2;
            }
        }
        score += Organs(scene);
        return score > 0 ? She : score < 0 ? He : Unknown;
    }

    private static int Organs(Scene scene)
    {
        var score = 0;
        foreach (var line in scene.Lines)
            foreach (var word in line.Words)
                score += word.Text is "hysterectomy" or "menstrual" or "uterus" or "ovarian" or "pregnancies" or "menopause" ? 1
                    : word.Text is "prostate" or "testosterone" ? -1 : 0;
        return Math.Sign(score) * (Math.Abs(score) >= 2 ? 1 : 0);
    }
}
