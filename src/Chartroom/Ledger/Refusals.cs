namespace Chartroom.Ledger;

/// <summary>Why the ledger says no.</summary>
internal static class Refusals
{
    public static readonly Refusal NoSuchPatient = new("ledger.no-such-patient", 404, "There is no such patient in this clinic.");
    public static readonly Refusal NoSuchPosting = new("ledger.no-such-posting", 404, "There is no such posting in this clinic.");
    public static readonly Refusal NoReceipt = new("ledger.no-receipt", 404, "There are receipts for payments and refunds only.");
    public static readonly Refusal Invalid = new("ledger.invalid-posting", 422, "This cannot be posted like that.");
    public static readonly Refusal UnknownVisit = new("ledger.unknown-visit", 422, "Choose a visit of that patient.");
    public static readonly Refusal TooMuch = new("ledger.too-much", 409, "That is more than there is.");
    public static readonly Refusal Reversed = new("ledger.reversed", 409, "This was reversed already.");
    public static readonly Refusal IsReversal = new("ledger.is-reversal", 409, "A reversal stays. Post what is right anew.");
    public static readonly Refusal AdminOnly = new("ledger.admin-only", 403, "An administrator reverses what was written off or given back.");
    public static readonly Refusal InvalidRules = new("ledger.invalid-rules", 422, "Some fields need another look.");
    public static readonly Refusal CurrencyFixed = new("ledger.currency-fixed", 409, "Something has been posted, so the currency stays.");
    public static readonly Refusal NoSuchDay = new("ledger.no-such-day", 422, "Choose a day of this century.");
    public static readonly Refusal DayTooFull = new("ledger.day-too-full", 422, "That day has more postings than fit on one page. Ask for help.");
}
