using System.Globalization;
using System.Text.RegularExpressions;
using Chartroom.Shell;

namespace Chartroom.Paperwork;

/// <summary>Paperwork in the words of people, and what was just done with it. Travels in the address as a word and ids: nothing about anybody.</summary>
internal static partial class PaperWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    public static readonly IReadOnlyList<SelectField.Option> Hows = [new("signed", "Signed"), new("seen", "Seen"), new("declined", "Declined to sign")];

    public static readonly IReadOnlyList<SelectField.Option> Often = [new("once", "Once for all"), new("months", "Every so many months"), new("visit", "At every visit")];

    public static readonly IReadOnlyList<SelectField.Option> Who = [new("all", "All patients"), new("new", "New patients only")];

    public static string Of(PaperHow how) => Hows[(int)how].Text;

    public static string Of(PaperState state) => state switch
    {
        PaperState.Received => "Received",
        PaperState.Expired => "Expired",
        PaperState.Missing => "Missing",
        PaperState.EachVisit => "At each visit",
        PaperState.NotAsked => "Not asked for",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static Tone ToneOf(PaperState state) => state switch
    {
        PaperState.Received => Tone.Good,
        PaperState.Expired or PaperState.Missing => Tone.Warn,
        _ => Tone.Neutral,
    };

    public static string? IconOf(PaperState state) => state switch
    {
        PaperState.Received => "check",
        PaperState.Expired or PaperState.Missing => "alert-triangle",
        _ => null,
    };

    public static string Rule(PaperAsked asked, int? months) => asked switch
    {
        PaperAsked.Once => "once",
        PaperAsked.Months when months == 12 => "every year",
        PaperAsked.Months when months == 1 => "every month",
        PaperAsked.Months => string.Create(CultureInfo.InvariantCulture, $"every {months} months"),
        PaperAsked.Visit => "at every visit",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Missing(int count) => count == 1 ? "1 form missing" : string.Create(CultureInfo.InvariantCulture, $"{count} forms missing");

    public static string Day(DateOnly day) => day.ToString("MMM d, yyyy", English);

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What was received, when and by whom.</summary>
    public static string Of(PaperReceipt receipt) =>
        $"{Of(receipt.How)}, {Day(receipt.ReceivedOn)} · {receipt.ReceivedBy}{(receipt.GoodUntil is { } until ? $" · good until {Day(until)}" : null)}";

    /// <summary>Where a button leads back to, a page of ours that shows forms; the visit or the patient for anything else.</summary>
    public static string Back(string? path, string otherwise) => path is not null && Known().IsMatch(path) ? path : otherwise;

    /// <summary>The page that follows, which says what was done; at the visit it was done to where that page has it.</summary>
    public static string After(string back, string done, IEnumerable<Guid> receipts, AppointmentId? visit)
    {
        var place = visit is { } id && back.StartsWith("/board", StringComparison.Ordinal) ? $"#b-{id}" : visit is { } at && back.StartsWith("/day", StringComparison.Ordinal) ? $"#v-{at}" : null;
        return $"{back}{(back.Contains('?', StringComparison.Ordinal) ? '&' : '?')}papers={done}&of={string.Join('.', receipts)}{place}";
    }

    /// <summary>Receipts that an address names; none when it names anything else.</summary>
    public static IReadOnlyList<Guid> Receipts(string? of)
    {
        var parts = (of ?? "").Split('.');
        Guid[] ids = [.. parts.Select(part => Guid.TryParseExact(part, "D", out var id) ? id : Guid.Empty)];
        return ids.Contains(Guid.Empty) ? [] : ids;
    }

    [GeneratedRegex(@"^/(day\?date=\d{4}-\d\d-\d\d|board(\?location=[0-9a-f-]{36})?|visits/[0-9a-f-]{36}|patients/[0-9a-f-]{36})\z")]
    private static partial Regex Known();
}
