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

    /// <summary>A visit that is not over, ahead or under way, keeps its patient.</summary>
    public static readonly Refusal HasVisits =
        new("patients.has-visits", 409, "This patient has a visit that is not over. Cancel or finish it first.");

    /// <summary>What is not signed yet keeps its patient: a draft under review or in the making, a note by hand, a recording.</summary>
    public static readonly Refusal HasDrafts =
        new("patients.has-drafts", 409, "Something unsigned lies in this patient's chart: a draft, a note or a recording. Its provider signs or discards it first.");

    /// <summary>Put away: seen, not changed.</summary>
    public static readonly Refusal Away = new("patients.away", 409, "This patient was put away. Bring the patient back first.");

    /// <summary>The patient is here already.</summary>
    public static readonly Refusal NotAway = new("patients.not-away", 409, "This patient is not put away.");

    /// <summary>Somebody else put the patient away.</summary>
    public static readonly Refusal NotYoursToRestore = new("patients.not-yours-to-restore", 403, "An administrator, or whoever put this patient away, brings them back.");

    /// <summary>Somebody asked to destroy the record: until that is taken back, it stays put away.</summary>
    public static readonly Refusal ToBeDestroyed =
        new("patients.to-be-destroyed", 409, "Somebody asked to destroy this record for good. Take that back first, from the patient's page.");

    /// <summary>Merged patients are not changed; the one they were merged into is.</summary>
    public static readonly Refusal Merged = new("patients.merged", 409, "This record was merged into another one. Change that one.");
}
