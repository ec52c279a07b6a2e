namespace Chartroom.Patients;

/// <summary>What the register of patients says no to.</summary>
internal static class Refusals
{
    /// <summary>No such patient here; another clinic's answers the same.</summary>
    public static readonly Refusal Unknown = new("patients.unknown", 404, "There is no such patient.");

    /// <summary>Somebody like this is already there. The fact <c>candidates</c> lists their ids.</summary>
    public static readonly Refusal PossibleDuplicate =
        new("patients.possible-duplicate", 409, "This may be somebody who is already here. Look first; then create anyway, if it is somebody else.");

    /// <summary>Some fields cannot be taken as they are; they are named.</summary>
    public static readonly Refusal Invalid = new("patients.invalid", 422, "Some fields need another look.");

    /// <summary>A record number of another system names somebody else here.</summary>
    public static readonly Refusal IdentifierTaken =
        new("patients.identifier-taken", 409, "Another patient here already has this record number of the other system.");

    /// <summary>Merged patients are not changed; the one they were merged into is.</summary>
    public static readonly Refusal Merged = new("patients.merged", 409, "This record was merged into another one. Change that one.");
}
