using System.Globalization;

namespace Chartroom.Shell;

/// <summary>One value of a trend.</summary>
public readonly record struct TrendPoint(DateTimeOffset At, decimal Value);

/// <summary>Places values on a small drawing; text, because SVG attributes are, with a point whatever the machine's language.</summary>
internal sealed record TrendScale(DateTimeOffset From, double Seconds, decimal Lowest, decimal Span, int Width, int Height)
{
    private const int Margin = 4;

    internal static TrendScale Of(IReadOnlyList<TrendPoint> points, int width, int height)
    {
        if (points.Count == 0) return new(default, 1, 0, 1, width, height);
        var (lowest, highest) = (points.Min(point => point.Value), points.Max(point => point.Value));
        var seconds = (points[^1].At - points[0].At).TotalSeconds;
        return new(points[0].At, seconds, lowest, highest - lowest, width, height);
    }

    internal string X(TrendPoint point)
    {
        var part = Seconds > 0 ? (point.At - From).TotalSeconds / Seconds : 0.5;
        return Text(Margin + (part * (Width - (2 * Margin))));
    }

    internal string Y(decimal value) => Text(Place(value));

    internal string Line(IEnumerable<TrendPoint> points) => string.Join(' ', points.Select(point => X(point) + "," + Y(point.Value)));

    /// <summary>The part of the normal range that is in sight, or null when none is.</summary>
    internal (string Top, string Height)? Band(decimal low, decimal high)
    {
        var top = Math.Clamp(Place(high), 0, Height);
        var bottom = Math.Clamp(Place(low), 0, Height);
        return bottom > top ? (Text(top), Text(bottom - top)) : null;
    }

    private double Place(decimal value) =>
        Span == 0 ? Height / 2.0 : Height - Margin - ((double)((value - Lowest) / Span) * (Height - (2 * Margin)));

    private static string Text(double place) => place.ToString("0.#", CultureInfo.InvariantCulture);
}
