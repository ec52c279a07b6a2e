namespace Chartroom.Orders;

/// <summary>Why orders say no.</summary>
internal static class Refusals
{
    public static readonly Refusal NoSuchOrder = new("orders.no-such-order", 404, "There is no such order in this clinic.");
    public static readonly Refusal NoSuchVisit = new("orders.no-such-visit", 404, "There is no such visit in this clinic.");
    public static readonly Refusal NoSuchPatient = new("orders.no-such-patient", 404, "There is no such patient in this clinic.");
    public static readonly Refusal Invalid = new("orders.invalid-order", 422, "The order cannot be placed like this.");
    public static readonly Refusal AllergyWarning = new("orders.allergy-warning", 409, "An allergy in the chart speaks against this medicine.");
    public static readonly Refusal Ended = new("orders.ended", 409, "This order is done or cancelled. Open it again first.");
    public static readonly Refusal NotEnded = new("orders.not-ended", 409, "This order is open already.");
}
