namespace Chartroom.Scribe.Bench;

/// <summary>How the benches count.</summary>
internal static class Figures
{
    /// <summary>The chance that a wrong one is put above a right one (area under the ROC curve); equals count half. 0 when there is only one kind.</summary>
    public static double Auc(IReadOnlyList<(double Score, bool IsWrong)> judged)
    {
        double wins = 0;
        var wrong = judged.Where(it => it.IsWrong).ToList();
        var right = judged.Where(it => !it.IsWrong).ToList();
        foreach (var one in wrong) foreach (var other in right) wins += one.Score > other.Score ? 1 : one.Score == other.Score ? 0.5 : 0;
        return wrong.Count == 0 || right.Count == 0 ? 0 : wins / wrong.Count / right.Count;
    }

    public static double Percent(int part, int whole) => whole == 0 ? 0 : 100.0 * part / whole;

    public static string Line(string what, string figure, string floor, string published) => $"{what,-44} {figure,10}   floor {floor,-8} published {published}";

    public static string Share(int part, int whole) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Percent(part, whole):0.0} %");
}
