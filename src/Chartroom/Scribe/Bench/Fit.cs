namespace Chartroom.Scribe.Bench;

/// <summary>Logistic regression with a ridge on standardised features, by plain gradient descent: a handful of weights, the same each time.</summary>
internal static class Fit
{
    private const double Ridge = 20;
    private const int Rounds = 400;
    private const double Step = 0.5;

    /// <param name="Group">What is left out together when the fit is tried on what it did not see.</param>
    internal sealed record Case(string Group, double[] Features, bool IsWrong);

    public static (double Start, double[] Weights) Of(IReadOnlyList<Case> cases)
    {
        var size = cases[0].Features.Length;
        var mean = Each(size, at => cases.Average(it => it.Features[at]));
        var spread = Each(size, at => Math.Max(1e-6, Math.Sqrt(cases.Average(it => Math.Pow(it.Features[at] - mean[at], 2)))));
        var (start, weights) = (Math.Log(cases.Count(it => it.IsWrong) / (double)cases.Count(it => !it.IsWrong)), new double[size]);
        for (var round = 0; round < Rounds; round++)
        {
            var (lean, pull) = (0.0, new double[size]);
            foreach (var it in cases)
            {
                var sum = start;
                for (var at = 0; at < size; at++) sum += weights[at] * (it.Features[at] - mean[at]) / spread[at];
                var error = 1 / (1 + Math.Exp(-sum)) - (it.IsWrong ? 1 : 0);
                lean += error;
                for (var at = 0; at < size; at++) pull[at] += error * (it.Features[at] - mean[at]) / spread[at];
            }
            start -= Step * lean / cases.Count;
            for (var at = 0; at < size; at++) weights[at] -= Step * (pull[at] + Ridge * weights[at]) / cases.Count;
        }
        var plain = Each(size, at => weights[at] / spread[at]);
        return (start - plain.Zip(mean, (weight, middle) => weight * middle).Sum(), plain);
    }

    private static double[] Each(int size, Func<int, double> of) => [.. Enumerable.Range(0, size).Select(of)];
}
