namespace Chartroom.Paperwork;

/// <summary>Why paperwork says no.</summary>
internal static class Refusals
{
    public static readonly Refusal Incomplete = new("paperwork.incomplete", 422, "The paper cannot be kept like this.");
    public static readonly Refusal NameTaken = new("paperwork.name-taken", 409, "There is a paper of this name already.");
    public static readonly Refusal NoSuchPaper = new("paperwork.no-such-paper", 404, "There is no such paper in this clinic.");
    public static readonly Refusal NoSuchVisit = new("paperwork.no-such-visit", 404, "There is no such visit in this clinic.");
    public static readonly Refusal NoSuchPatient = new("paperwork.no-such-patient", 404, "There is no such patient in this clinic.");
    public static readonly Refusal NoSuchReceipt = new("paperwork.no-such-receipt", 404, "There is no such receipt in this clinic.");
    public static readonly Refusal InvalidReceipt = new("paperwork.invalid-receipt", 422, "It cannot be marked as received like this.");
    public static readonly Refusal AlreadyReceived = new("paperwork.already-received", 409, "Somebody has marked it as received already.");
    public static readonly Refusal TakenBack = new("paperwork.taken-back", 409, "This was taken back already.");
}
