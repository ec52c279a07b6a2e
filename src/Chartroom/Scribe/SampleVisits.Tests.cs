using Chartroom.Scribe.Transcripts;

namespace Chartroom.Scribe;

/// <summary>Visits we wrote ourselves; nobody's words.</summary>
internal static class SampleVisits
{
    public const string Knee = """
        [doctor] Ms. Rivera is a 52 year old female with a past medical history significant for hypertension and asthma
        who presents with left knee pain.
        [patient] I twisted my left knee on the stairs about three weeks ago. It hurts when I walk downhill.
        [doctor] Are you taking anything for it?
        [patient] I take ibuprofen, four hundred milligrams, twice a day.
        [doctor] Any chest pain or shortness of breath?
        [patient] No, nothing like that.
        [doctor] Any swelling in your legs?
        [patient] Yes, the left knee is swollen in the evening.
        [doctor] Does anybody in the family have arthritis?
        [patient] My mother has rheumatoid arthritis. I do not have diabetes.
        [patient] I had an x-ray on March 14th, 2026.
        [doctor] I am allergic to nothing, you told the nurse?
        [patient] I'm allergic to penicillin, it gave me hives.
        [doctor] Let me do a quick physical exam. Your blood pressure is one thirty two over eighty four.
        [doctor] On your left knee exam there is tenderness over the medial joint line.
        There is no redness. Your lungs are clear to auscultation bilaterally.
        [doctor] I reviewed the x-ray of your left knee and it shows no fracture.
        [doctor] So for your first problem, the left knee pain, I think this is a meniscal tear. I'm gonna order an MRI of the left knee.
        [doctor] I want you to stop the ibuprofen and take meloxicam fifteen milligrams once a day by mouth.
        [doctor] For your hypertension, we'll continue the lisinopril ten milligrams daily. I'd like to see you back in four weeks.
        [patient] Okay, sounds good.
        [patient] Actually, I take the ibuprofen three times a day, not twice.
        """;

    public static Transcript Of(string text) => TranscriptParser.Parse(text).Value;

    /// <summary>A draft of one statement that cites <paramref name="citations"/>.</summary>
    public static Draft Says(string text, params string[] citations) =>
        new(new DrafterInfo("test", "1"), [new DraftSection("PLAN", [new Statement("n1", "PLAN", null, text, citations)])]);
}
