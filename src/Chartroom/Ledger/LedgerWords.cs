using System.Globalization;
using Chartroom.Shell;

namespace Chartroom.Ledger;

/// <summary>Postings in the words of people.</summary>
internal static class LedgerWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    public static readonly IReadOnlyList<SelectField.Option> Methods = [new("card", "Card, on our terminal"), new("cash", "Cash"), new("check", "Check"), new("other", "Other")];

    public static string Of(PostingKind kind) => kind switch
    {
        PostingKind.Charge => "Charge",
        PostingKind.Payment => "Payment",
        PostingKind.Adjustment => "Written off",
        PostingKind.Refund => "Refund",
        PostingKind.Reversal => "Reversal",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Of(PaymentMethod method) => method switch
    {
        PaymentMethod.Cash => "Cash",
        PaymentMethod.Check => "Check",
        PaymentMethod.Card => "Card",
        PaymentMethod.Other => "Other",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Kind, method and what it takes back: <c>Payment, card</c>; <c>Reversal of charge 12</c>.</summary>
    public static string Title(Posting posting) => posting switch
    {
        { ReversesNumber: { } number, ReversesKind: { } kind } => string.Create(CultureInfo.InvariantCulture, $"Reversal of {Of(kind).ToLowerInvariant()} {number}"),
        { Method: { } method } => $"{Of(posting.Kind)}, {Of(method).ToLowerInvariant()}",
        _ => Of(posting.Kind),
    };

    /// <summary>What was said with it, in one line; null when nothing.</summary>
    public static string? Said(Posting posting) =>
        string.Join(" · ", new[] { posting.What, posting.VisitWords, posting.Reference, posting.Reason }.OfType<string>()) is { Length: > 0 } words ? words : null;

    public static string Account(string account) => account switch
    {
        "receivable" => "Owed by patients",
        "cash" => "Cash",
        "check" => "Checks",
        "card" => "Cards",
        "other" => "Other money",
        "income" => "Charged",
        "write_off" => "Written off",
        _ => account,
    };

    /// <summary><c>Mar 2, 2026</c></summary>
    public static string Day(DateOnly day) => day.ToString("MMM d, yyyy", English);

    /// <summary><c>9:05 AM</c> by that zone's clocks.</summary>
    public static string Clock(DateTimeOffset at, string zone) => ClinicTime.Local(at, zone).ToString("h:mm tt", English);

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What a toast says after an act.</summary>
    public static string? Done(string? done) => done switch
    {
        "charge" => "Charged.",
        "payment" => "Payment taken.",
        "adjustment" => "Written off.",
        "refund" => "Refund noted.",
        "reversal" => "Reversed. The posting stays in sight, and its reversal beside it.",
        _ => null,
    };
}
