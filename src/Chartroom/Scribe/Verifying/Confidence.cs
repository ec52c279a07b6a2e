namespace Chartroom.Scribe.Verifying;

/// <summary>How sure one may be that a statement is right: a logistic sum of <see cref="Support"/>. The weights are the only fitted numbers of the verifier; they were
/// fitted on the judged clauses of the PriMock57 development set by <c>./chartroom bench clauses DIR OUT.csv --fit</c>, which prints them.</summary>
internal static class Confidence
{
    /// <summary>What a statement without any of the features is worth; above zero leans to wrong.</summary>
    public const double Start = -0.18;

    /// <summary>One weight for each of <see cref="Support.Names"/>.</summary>
    public static readonly double[] Weights = [0.76, 2.67, 1.15, -1.40, 0.88];

    private const double Refused = 0.6;

    /// <summary>0.02 to 0.98; what the checks refuse keeps at most six tenths of it, so that it never reads better than "low". Where the writer named the lines, what they
    /// hold (<paramref name="said"/>, 0 to 1) counts by itself: nothing had to be looked for.</summary>
    public static double Of(Check check, bool isRefused, double said)
    {
        var support = Support.Of(check, check.Reading.Sources);
        var sum = Start;
        for (var at = 0; at < support.Length; at++) sum += Weights[at] * support[at];
        var right = 1 / (1 + Math.Exp(sum));
        if (!check.IsSought) right = Math.Max(right, 0.3 + 0.68 * said - 0.12 * check.Findings.Count(finding => !finding.Blocks));
        return Math.Clamp(isRefused ? Math.Min(Refused * right, 0.54) : right, 0.02, 0.98);
    }
}
