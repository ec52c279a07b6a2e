namespace Chartroom.Staff;

/// <summary>The expected "no" about staff.</summary>
internal static class Refusals
{
    internal static readonly Refusal Incomplete = new("staff.incomplete", 422, "Some fields need another look.");

    internal static readonly Refusal AlreadyHere = new("staff.already-here", 409, "Somebody with this address works here already.");

    internal static readonly Refusal NpiTaken = new("staff.npi-taken", 409, "A provider with this NPI works here already.");

    internal static readonly Refusal NoSuchStaff = new("staff.no-such-staff", 404, "There is nobody of that key at this clinic.");

    internal static readonly Refusal NoSuchInvite = new("staff.no-such-invite", 404, "There is no such invitation. It may have been taken up or taken back.");

    internal static readonly Refusal LastAdmin = new("staff.last-admin", 409, "A clinic keeps at least one administrator. Make somebody else one first.");

    internal static readonly Refusal HoursOverlap = new("staff.hours-overlap", 409, "These hours overlap. Nobody is in two places at once.");

    internal static readonly Refusal NotAProvider = new("staff.not-a-provider", 409, "Only a provider has hours.");
}
