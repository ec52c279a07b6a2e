namespace Chartroom.Clinics;

/// <summary>The expected "no" of setting up a clinic.</summary>
internal static class Refusals
{
    internal static readonly Refusal Incomplete = new("clinics.incomplete", 422, "Some fields need another look.");

    internal static readonly Refusal NameTaken = new("clinics.name-taken", 409, "There is one of this name already. Choose another name.");

    internal static readonly Refusal NoSuchLocation = new("clinics.no-such-location", 404, "There is no such location.");

    internal static readonly Refusal NoSuchRoom = new("clinics.no-such-room", 404, "There is no such room.");

    internal static readonly Refusal NoSuchDevice = new("clinics.no-such-device", 404, "There is no such device.");

    internal static readonly Refusal NoSuchVisitType = new("clinics.no-such-visit-type", 404, "There is no such visit type.");

    internal static readonly Refusal OtherText = new("clinics.agreement-changed", 409, "The agreement has changed since you opened it. Read it again.");

    internal static readonly Refusal NothingThere = new("clinics.step-empty", 422, "Add at least one before you go on.");

    internal static readonly Refusal NoProvider = new("clinics.no-provider", 422, "Invite at least one provider before you go on: only they see patients.");

    internal static readonly Refusal NoSuchStep = new("clinics.no-such-step", 404, "The wizard has no such step.");
}
