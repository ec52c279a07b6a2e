using System.Globalization;
using System.Text.Json.Serialization;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Ledger;

/// <summary>What happened to what a patient owes.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<PostingKind>))]
public enum PostingKind { Charge, Payment, Adjustment, Refund, Reversal }

/// <summary>How money came or went. A card is one read by the clinic's own terminal: this program sees no card.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<PaymentMethod>))]
public enum PaymentMethod { Cash, Check, Card, Other }

/// <summary>What somebody wants to post.</summary>
/// <param name="Cents">How much, 1 to 1,000,000,000; which way it goes follows from the kind.</param>
/// <param name="Method">Of a payment and a refund.</param>
/// <param name="VisitId">The visit a charge or payment is for, or null.</param>
public sealed record NewPosting(PostingKind Kind, long Cents, PaymentMethod? Method = null, AppointmentId? VisitId = null)
{
    /// <summary>What for, in a few words; kept sealed.</summary>
    public string? What { get; init; }
    /// <summary>Number of a check, of the terminal's slip and the like; kept sealed.</summary>
    public string? Reference { get; init; }
    /// <summary>Why something is written off or given back; kept sealed.</summary>
    public string? Reason { get; init; }
}

/// <summary>Posting for other capabilities, inside a transaction of theirs.</summary>
public static class LedgerBook
{
    /// <summary>Posts, with its own event. The number's counter stays locked until the transaction ends. Refuses what <c>ledger.…</c> says; then give the transaction up.</summary>
    /// <returns>The posting's key.</returns>
    public static async Task<Outcome<Guid>> AddAsync(ClinicTx tx, PatientId patient, NewPosting ask, CancellationToken ct) =>
        (await PostingBook.AddAsync(tx, patient, ask, ct)).Select(posted => posted.Id);

    /// <summary>Posts charges and payments that happened before, in their order, without words; one event names the patients. What the database holds together it holds here too.</summary>
    /// <param name="tx">Opened with <see cref="Permission.PostPayments"/>.</param>
    public static Task AddEarlierAsync(ClinicTx tx, IReadOnlyList<EarlierPosting> postings, CancellationToken ct) => EarlierPostings.AddAsync(tx, postings, ct);

    /// <summary>The check of each night, made now: for who brought in much at once, in a transaction of the program's.</summary>
    public static Task CheckAsync(ClinicTx tx, CancellationToken ct) => LedgerDayHandler.CheckNightlyAsync(tx, ct);
}

/// <summary>A charge or payment that happened before.</summary>
/// <param name="At">When.</param>
public sealed record EarlierPosting(PatientId Patient, NewPosting Posting, DateTimeOffset At);

/// <summary>Cents as people read and write them. All currencies a clinic may have (<c>ledger_rules_currency_known</c>) have a hundred cents.</summary>
public static class Money
{
    /// <summary>Largest amount of one posting.</summary>
    public const long Most = 1_000_000_000;

    /// <summary>Code and sign of the currencies there are.</summary>
    public static IReadOnlyList<(string Code, string Sign)> Currencies { get; } =
        [("USD", "$"), ("CAD", "CA$"), ("EUR", "€"), ("GBP", "£"), ("AUD", "A$"), ("NZD", "NZ$"), ("CHF", "CHF "), ("MXN", "MX$")];

    /// <summary><c>$1,250.00</c>; with a minus before it when it is less than nothing.</summary>
    public static string Text(long cents, string currency) => (cents < 0 ? "−" : "") + SignOf(currency) + Digits(Math.Abs(cents), "#,##0");

    /// <summary><c>Owes $45.00</c>, <c>Credit $10.00</c>, or null when nothing is owed.</summary>
    public static string? Balance(long cents, string currency) => cents switch
    {
        > 0 => $"Owes {Text(cents, currency)}",
        < 0 => $"Credit {Text(-cents, currency)}",
        _ => null,
    };

    /// <summary><c>1250.00</c>, as forms and files have it.</summary>
    public static string Field(long cents) => (cents < 0 ? "-" : "") + Digits(Math.Abs(cents), "0");

    /// <summary>The amount in a text like <c>45</c>, <c>45.5</c>, <c>$1,250.00</c>; null when it is none between one cent and <see cref="Most"/>.</summary>
    public static long? Parse(string? text)
    {
        var bare = (text ?? "").Trim();
        if (Currencies.Select(it => it.Sign.Trim()).FirstOrDefault(it => bare.StartsWith(it, StringComparison.OrdinalIgnoreCase)) is { } sign) bare = bare[sign.Length..].Trim();
        if (!decimal.TryParse(bare, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var amount) || amount > Most) return null;
        var cents = amount * 100;
        return cents == decimal.Truncate(cents) && cents is >= 1 and <= Most ? (long)cents : null;
    }

    private static string SignOf(string currency) => Currencies.FirstOrDefault(it => it.Code == currency).Sign ?? currency + " ";

    private static string Digits(long cents, string whole) =>
        (cents / 100).ToString(whole, CultureInfo.InvariantCulture) + "." + (cents % 100).ToString("00", CultureInfo.InvariantCulture);
}
