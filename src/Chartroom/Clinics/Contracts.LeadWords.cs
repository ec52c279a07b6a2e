using System.Globalization;
using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>Lengths of notice as people say them; the form's values are minutes.</summary>
public static class LeadWords
{
    private static readonly int[] Usual = [0, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 10080, 20160, 43200];

    /// <summary>The usual lengths, with the stored one among them.</summary>
    /// <param name="none">Text of the empty choice, or null when there is none.</param>
    public static IReadOnlyList<SelectField.Option> Options(int? stored, string? none = null) =>
    [
        .. none is null ? Array.Empty<SelectField.Option>() : [new("", none)],
        .. Usual.Concat(stored is { } other ? [other] : Array.Empty<int>()).Distinct().Order().Select(minutes => new SelectField.Option(minutes.ToString(CultureInfo.InvariantCulture), Of(minutes))),
    ];

    /// <summary>Such as <c>2 hours</c>.</summary>
    public static string Of(int minutes) => minutes switch
    {
        0 => "None",
        _ when minutes % 10080 == 0 => Counted(minutes / 10080, "week"),
        _ when minutes % 1440 == 0 => Counted(minutes / 1440, "day"),
        _ when minutes % 60 == 0 => Counted(minutes / 60, "hour"),
        _ => Counted(minutes, "minute"),
    };

    private static string Counted(int number, string unit) => number == 1 ? $"1 {unit}" : string.Create(CultureInfo.InvariantCulture, $"{number} {unit}s");
}
