using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Notes;

/// <summary>What the sealed document of a private note holds.</summary>
internal sealed record PrivateNoteText(string Text);

/// <summary>A private note in one of its versions.</summary>
/// <param name="IsPutAway">Put away by this version; the words stay.</param>
public sealed record PrivateNote(Guid Id, int Version, string Text, bool IsPutAway, DateTimeOffset StartedAt, DateTimeOffset WrittenAt);

/// <summary>One's own private notes about a patient, the latest begun first.</summary>
public sealed record PrivateNotes(PatientId Patient, string Name, IReadOnlyList<PrivateNote> Notes, IReadOnlyList<PrivateNote> PutAway)
{
    /// <summary>The note that a page is about, in all its versions, newest first; empty on the list.</summary>
    public IReadOnlyList<PrivateNote> Versions { get; init; } = [];
}

/// <summary>
/// Reads the private notes of whoever asks. There is no condition on the author in these statements: policies of the database
/// (<c>private_note_author</c>, <c>private_note_version_author</c>) leave every other row out, so that no statement can forget it.
/// </summary>
internal sealed class PrivateNotesHandler(TenantDb db)
{
    public const string Listed = "private_note.read";

    /// <summary>Refuses <c>notes.no-such-patient</c>.</summary>
    public async Task<Outcome<PrivateNotes>> HandleAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var names = await PatientRegister.NamesAsync(tx, [patient], new(Listed, "patient", patient.Value), ct);
        if (!names.TryGetValue(patient, out var person) || await tx.OpenPatientAsync(patient, new(Listed, "patient", patient.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        var rows = (await tx.QueryAsync<Row>(SelectNewest, new { patient }, ct)).Select(row => row.Open(key)).OrderByDescending(it => it.StartedAt).ToList();
        await tx.CommitAsync(ct);
        return new PrivateNotes(patient, person.Name, [.. rows.Where(it => !it.IsPutAway)], [.. rows.Where(it => it.IsPutAway)]);
    }

    /// <summary>One of them with all it ever said. Refuses <c>notes.no-such-private-note</c>.</summary>
    public async Task<Outcome<PrivateNotes>> OneAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await FindAsync(tx, id, ct) is not { } patient || await tx.OpenPatientAsync(patient, new(Listed, "private_note", id), ct) is not { } key) return Refusals.NoSuchPrivateNote;
        var names = await PatientRegister.NamesAsync(tx, [patient], new(Listed, "private_note", id), ct);
        var versions = (await tx.QueryAsync<Row>(SelectVersions, new { id }, ct)).ConvertAll(row => row.Open(key));
        await tx.CommitAsync(ct);
        return new PrivateNotes(patient, names.GetValueOrDefault(patient)?.Name ?? "", [], []) { Versions = versions };
    }

    /// <summary>Whose note it is about, or null when the asker has none of that id.</summary>
    internal static Task<PatientId?> FindAsync(ClinicTx tx, Guid id, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<PatientId?>("select patient_id from private_note where id = @id", new { id }, ct);

    internal static Cell CellOf(Guid id, int version) => new("private_note", $"content.{version}", id);

    private sealed record Row
    {
        public Guid Id { get; init; }
        public int Version { get; init; }
        public bool IsPutAway { get; init; }
        public byte[] Content { get; init; } = [];
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset WrittenAt { get; init; }

        public PrivateNote Open(PatientKey key) => new(Id, Version, key.Open<PrivateNoteText>(Content, CellOf(Id, Version)).Text, IsPutAway, StartedAt, WrittenAt);
    }

    private const string SelectNewest = """
        select distinct on (private_note.id) private_note.id, private_note_version.version, private_note_version.is_put_away, private_note_version.content,
            private_note.started_at, private_note_version.written_at
        from private_note
        join private_note_version on private_note_version.note_id = private_note.id
        where private_note.patient_id = @patient
        order by private_note.id, private_note_version.version desc
        """;

    private const string SelectVersions = """
        select private_note.id, private_note_version.version, private_note_version.is_put_away, private_note_version.content,
            private_note.started_at, private_note_version.written_at
        from private_note
        join private_note_version on private_note_version.note_id = private_note.id
        where private_note.id = @id
        order by private_note_version.version desc
        """;
}
