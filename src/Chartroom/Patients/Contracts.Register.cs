using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

public enum PatientState { Active, Inactive, Merged }

/// <summary>A patient as a list shows them.</summary>
public sealed record PatientLine
{
    public required PatientId Id { get; init; }
    public required long Mrn { get; init; }
    public required PatientState State { get; init; }
    /// <summary>The patient that lives on, for a merged one.</summary>
    public PatientId? MergedInto { get; init; }
    public required string Name { get; init; }
    public PartialTime? BirthDate { get; init; }
    /// <summary>Whole years on the clinic's today; null when the day of birth is not known.</summary>
    public int? Age { get; init; }
    public required Sex Sex { get; init; }
    /// <summary>The number to call first, as people write it.</summary>
    public string? Phone { get; init; }
    /// <summary>Last visit; before the first one, when the patient was entered.</summary>
    public required DateTimeOffset SeenAt { get; init; }
    /// <summary>The day at the clinic on which the patient was here last; null before their first visit.</summary>
    public DateOnly? LastVisit { get; init; }
    /// <summary>The language in which somebody has to interpret; null for nobody.</summary>
    public string? Interpreter { get; init; }
    /// <summary>What whoever meets the patient must know first.</summary>
    public string? DeskAlert { get; init; }
    /// <summary>Who put them away, when and why; null while they are here.</summary>
    public PatientAway? Away { get; init; }
}

/// <summary>Why a patient is put away. A word of ours, so that no words of anybody stand in clear.</summary>
public enum AwayReason { EnteredByMistake, Duplicate, TestEntry, NeverCame, ToBeDestroyed }

/// <summary>That a patient was put away: out of every list and search, with everything kept.</summary>
public sealed record PatientAway(DateTimeOffset At, StaffId By, string ByName, AwayReason Reason);

/// <summary>A patient opened: who they are, and the version a change must name.</summary>
/// <param name="Today">The clinic's today, for ages.</param>
public sealed record PatientRecord(PatientLine Line, Demographics Demographics, int Version, DateTimeOffset UpdatedAt, DateOnly Today)
{
    /// <summary>The clinic's.</summary>
    public string TimeZone { get; init; } = "UTC";
}

/// <summary>A patient just entered.</summary>
public readonly record struct NewPatient(PatientId Id, long Mrn);

/// <summary>A patient among many that are entered together.</summary>
/// <param name="SeenAt">Last visit; for the order of search results.</param>
public sealed record EnteredPatient(Demographics Patient, DateTimeOffset EnteredAt, DateTimeOffset SeenAt);

/// <summary>A part of the patient's page that another capability fills, such as the visits. Registered as a service; shown in the order of registration.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Needs">Who lacks it does not see the part.</param>
/// <param name="Component">A Razor component with the parameter <c>Patient</c> (a <see cref="PatientLine"/>); loads what it shows, with its own event.</param>
public sealed record PatientPageSection(string Title, Permission Needs, Type Component);

/// <summary>A part of all patients, opened.</summary>
/// <param name="Next">Where to go on; null at the end.</param>
public sealed record PatientBatch(IReadOnlyList<PatientRecord> Patients, PatientId? Next);

/// <summary>What other capabilities do with patients, inside a clinic transaction of theirs. Whatever opens a patient takes down the event it is given.</summary>
public static class PatientRegister
{
    /// <summary>The news topic of whoever was changed, with the id as its text: names may read differently now.</summary>
    public const string Changed = "patient";

    /// <summary>
    /// Enters a patient as given; nothing is validated and no duplicates are looked for. Gives the next record number, whose counter stays locked until the
    /// transaction ends, so do the slow work before. The patient's key is open afterwards. Refuses <c>patients.identifier-taken</c> when another patient
    /// has one of the record numbers; then give the transaction up.
    /// </summary>
    /// <param name="tx">Opened with <see cref="Permission.EditPatients"/> or <see cref="Permission.ImportRecords"/>.</param>
    /// <param name="patient">Who it is.</param>
    /// <param name="action">The event, such as <c>patient.created</c>.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Outcome<NewPatient>> CreateAsync(ClinicTx tx, Demographics patient, string action, CancellationToken ct) =>
        await PatientWrites.InsertAsync(tx, await PatientWrites.TakeRecordNumberAsync(tx, ct), patient, action, ct);

    /// <summary>Enters many at once, by COPY; one event names them all. They must have no record numbers of other systems, since nobody looks whether somebody has those.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    /// <param name="patients">Who they are, when each was entered and last seen.</param>
    public static Task<IReadOnlyList<PatientId>> CreateManyAsync(ClinicTx tx, IReadOnlyList<EnteredPatient> patients, string action, CancellationToken ct) =>
        PatientCopies.InsertAsync(tx, patients, action, ct);

    /// <summary>Replaces the demographics and keeps what they were; takes down <c>patient.changed</c>. Answers the version afterwards, which is the same when nothing changed.
    /// Refuses a stale <paramref name="before"/> (412).</summary>
    public static Task<Outcome<int>> ReplaceAsync(ClinicTx tx, PatientRecord before, Demographics after, CancellationToken ct) =>
        PatientWrites.ReplaceAsync(tx, before, after, ct);

    /// <summary>True when both say the same of a person.</summary>
    public static bool IsSame(Demographics one, Demographics other) => PatientWrites.IsSame(one, other);

    /// <summary>The patient whom another system knows by that number; see <see cref="PatientIdentifier.IsRecordNumber"/>. Opens nothing.</summary>
    public static Task<PatientId?> FindByIdentifierAsync(ClinicTx tx, string system, string value, CancellationToken ct) =>
        PatientReads.FindByIdentifierAsync(tx, system, value, ct);

    /// <summary>Opens one patient; null when there is none here.</summary>
    public static Task<PatientRecord?> ReadAsync(ClinicTx tx, PatientId id, Access access, CancellationToken ct) => PatientReads.ReadAsync(tx, id, access, ct);

    /// <summary>Names, births and telephones for a list; one event names them all. Those who are not here, were put away or destroyed are missing.</summary>
    public static Task<IReadOnlyDictionary<PatientId, PatientLine>> NamesAsync(ClinicTx tx, IReadOnlyCollection<PatientId> ids, Access access, CancellationToken ct) =>
        PatientReads.LinesAsync(tx, ids, access, withAway: false, ct);

    /// <summary>The same with those who were put away: for what stays on record, such as a day that is over, postings and the audit log. Not for lists of what is to be done.</summary>
    public static Task<IReadOnlyDictionary<PatientId, PatientLine>> NamesOnRecordAsync(ClinicTx tx, IReadOnlyCollection<PatientId> ids, Access access, CancellationToken ct) =>
        PatientReads.LinesAsync(tx, ids, access, withAway: true, ct);

    /// <summary>All patients of the clinic in the order of their keys, also those who were put away, part by part; one event names those of the part.</summary>
    public static Task<PatientBatch> BatchAsync(ClinicTx tx, PatientId? after, int most, Access access, CancellationToken ct) =>
        PatientReads.BatchAsync(tx, after, most, access, ct);

    /// <summary>The part of the demographics that a form shows, field by field (<c>contact.mobile</c>), always the same fields in the same order.</summary>
    public static IReadOnlyDictionary<string, string?> Fields(Demographics patient) => DetailsFields.Of(DetailsOnto.Of(patient));

    /// <summary>The reason as the API and the database write it: <c>entered_by_mistake</c>.</summary>
    public static string NameOf(AwayReason reason) => reason switch
    {
        AwayReason.EnteredByMistake => "entered_by_mistake",
        AwayReason.Duplicate => "duplicate",
        AwayReason.TestEntry => "test_entry",
        AwayReason.NeverCame => "never_came",
        AwayReason.ToBeDestroyed => "to_be_destroyed",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Takes away all by which a patient can be found or recognised without a key; goes out with the next statement. For a patient whose key is destroyed.</summary>
    public static void Forget(ClinicTx tx, PatientId id)
    {
        tx.Queue("delete from patient_identifier where patient_id = @id", new { id });
        tx.Announce(Changed, id.ToString());
        tx.Queue("update patient set search = '{}', deleted_at = coalesce(deleted_at, @now) where id = @id", new { id, now = tx.Now });
    }

    /// <summary>True when the patient is here, and until the transaction ends nobody puts them away: for whatever is begun for a patient.</summary>
    public static Task<bool> HoldAsync(ClinicTx tx, PatientId id, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<bool>("select count(*) > 0 from (select from patient where id = @id and deleted_at is null for key share) as here", new { id }, ct);

    /// <summary>Takes down a visit, for the order of search results; goes out with the next statement.</summary>
    public static void Seen(ClinicTx tx, PatientId id, DateTimeOffset at) =>
        tx.Queue("update patient set seen_at = greatest(seen_at, @at) where id = @id", new { id, at });
}
