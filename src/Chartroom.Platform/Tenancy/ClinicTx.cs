using System.Text.Json;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.News;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

/// <summary>
/// One transaction in one clinic, as one role. Law 2 is kept here: a patient's key comes only with its audit event, a commit without an event throws,
/// and a transaction that is given up still leaves one (outcome <c>refused</c>, with every patient whose key was opened). Not thread-safe.
/// </summary>
public sealed class ClinicTx : IAsyncDisposable
{
    private readonly DatabaseLogins logins;
    private readonly SqlPipe pipe;
    private ClinicKeys keys;
    private readonly ClinicScope scope;
    private readonly AuditBook book;
    private readonly Dictionary<PatientId, PatientKey> opened = [];
    private readonly HashSet<PatientId> asked = [];
    private readonly List<AskedRows<WrappedPatientKey>> wrapped = [];
    private readonly List<NewsItem> news = [];
    private readonly HashSet<WatchedTables.Watch> written = [];
    private bool isCommitted;
    private bool hasMail;

    internal ClinicTx(DatabaseLogins logins, SqlPipe pipe, ClinicKeys keys, ClinicScope scope)
    {
        (this.logins, this.pipe, this.keys, this.scope) = (logins, pipe, keys, scope);
        book = new(scope.Stamp);
        scope.QueueSettings(pipe);
    }

    /// <summary>The clinic's own keys; for the rotation of keys only.</summary>
    internal ClinicKeys Keys => keys;

    /// <summary>Who acts.</summary>
    public Actor Actor => scope.Actor;

    /// <summary>The instant at which the transaction's events happen.</summary>
    public DateTimeOffset Now => scope.Clock.GetUtcNow();

    /// <summary>Rows as records (columns by name, snake_case or not).</summary>
    public Task<List<T>> QueryAsync<T>(string sql, object? arguments, CancellationToken ct) => pipe.QueryAsync<T>(Noted(sql), arguments, ct);

    /// <summary>Rows that come with the next round trip, together with whatever else is asked for until then.</summary>
    public AskedRows<T> Ask<T>(string sql, object? arguments) => pipe.Ask<T>(Noted(sql), arguments);

    /// <summary>The only row, or default when there is none; throws on several.</summary>
    public async Task<T?> QueryOneOrNoneAsync<T>(string sql, object? arguments, CancellationToken ct) =>
        (await pipe.QueryAsync<T>(Noted(sql), arguments, ct)).SingleOrDefault();

    /// <summary>Runs a statement; answers how many rows it touched.</summary>
    public Task<int> ExecuteAsync(string sql, object? arguments, CancellationToken ct) => pipe.ExecuteAsync(Noted(sql), arguments, ct);

    /// <summary>A statement whose answer nobody needs; goes out with the next round trip. Must answer no rows.</summary>
    public void Queue(string sql, object? arguments) => pipe.Queue(Noted(sql), arguments);

    /// <summary>Fills a table by COPY; answers how many rows it took. For many rows at once, of values that this program made.</summary>
    /// <inheritdoc cref="SqlPipe.CopyAsync"/>
    public Task<long> CopyAsync(string sql, IEnumerable<object?[]> rows, CancellationToken ct) => pipe.CopyAsync(Noted(sql), rows, ct);

    /// <summary>Asks for patients' keys, still wrapped, with the next round trip. Opens nobody: that is the next two methods, which then need no trip of their own.</summary>
    public void AskKeys(IEnumerable<PatientId> patients)
    {
        PatientId[] missing = [.. patients.Where(patient => !opened.ContainsKey(patient) && asked.Add(patient))];
        if (missing.Length == 0) return;
        var sql = !Rights.IsOfCharts(scope.Permission) ? SelectKeys : scope.Role == ClinicRole.Emergency ? SelectKeysInEmergency : SelectKeysOfCharts;
        wrapped.Add(pipe.Ask<WrappedPatientKey>(sql, new { patients = missing }));
    }

    /// <summary>Opens one patient for a stated reason. Null when there is no such patient here, or the key was destroyed.</summary>
    /// <exception cref="ChartShutException">The transaction is one of charts, and this one is restricted to others.</exception>
    public async Task<PatientKey?> OpenPatientAsync(PatientId patient, Access access, CancellationToken ct)
    {
        var found = await WrappedAsync([patient], ct);
        if (found.Count == 0 && !opened.ContainsKey(patient)) return null;
        Audit(access, patient);
        if (found.Exists(IsShut)) throw new ChartShutException(patient);
        Unwrap(found);
        return opened[patient];
    }

    /// <summary>Opens the patients that a list shows; one event names them all. Those without a key, and charts shut to the actor, are missing from the answer.</summary>
    public async Task<IReadOnlyDictionary<PatientId, PatientKey>> OpenPatientsAsync(IReadOnlyCollection<PatientId> patients, Access access, CancellationToken ct)
    {
        PatientId[] named = [.. patients.Distinct()];
        var found = await WrappedAsync(named, ct);
        Audit(access, named);
        found.RemoveAll(IsShut);
        Unwrap(found);
        return opened;
    }

    /// <summary>Makes the key of a new patient; its row goes out with the next statement.</summary>
    public PatientKey NewPatient(PatientId patient, Access access)
    {
        var (key, wrapped) = PatientKey.New(keys, patient);
        Queue("""
            insert into patient_key (patient_id, version, clinic_key_version, wrapped)
            values (@patient, 1, @clinicKeyVersion, @wrapped)
            """, new { patient, clinicKeyVersion = keys.CurrentVersion, wrapped });
        Audit(access, patient);
        return opened[patient] = key;
    }

    /// <summary>Makes the keys of many new patients, in their order; one event names them all.</summary>
    public async Task<IReadOnlyList<PatientKey>> NewPatientsAsync(IReadOnlyCollection<PatientId> patients, Access access, CancellationToken ct)
    {
        PatientId[] named = [.. patients];
        var made = Array.ConvertAll(named, patient => PatientKey.New(keys, patient));
        for (var number = 0; number < named.Length; number++) opened[named[number]] = made[number].Key;
        Audit(access, named);
        await pipe.CopyAsync("copy patient_key (patient_id, version, clinic_key_version, wrapped) from stdin (format binary)",
            named.Select((patient, number) => new object?[] { patient, 1, keys.CurrentVersion, made[number].Wrapped }), ct);
        return [.. made.Select(it => it.Key)];
    }

    /// <summary>The number under which equal values of an encrypted column meet.</summary>
    /// <param name="index">Name of the index, <c>table.column</c>; part of what is hashed.</param>
    /// <param name="value">The value, normalised by the caller.</param>
    public long Blind(string index, string value) => keys.Blind(index, value);

    /// <summary>Version of the clinic's key that <see cref="SealForClinic"/> seals with; kept beside the value, so that a rotation finds it.</summary>
    public int ClinicKeyVersion => keys.CurrentVersion;

    /// <summary>Seals what belongs to the clinic rather than to a patient.</summary>
    public byte[] SealForClinic<T>(T value, Cell cell) => keys.Seal(JsonSerializer.SerializeToUtf8Bytes(value, PatientKey.Json), cell);

    /// <summary>Opens it.</summary>
    public T OpenForClinic<T>(byte[] envelope, Cell cell) => JsonSerializer.Deserialize<T>(keys.Open(envelope, cell), PatientKey.Json)!;

    /// <summary>Takes down an event; written with the commit.</summary>
    public void Audit(Access access, params PatientId[] patients) =>
        book.Add(scope.Actor.Emergencies.Any(emergency => patients.Contains(emergency.Patient)) ? access with { Purpose = Purpose.Emergency } : access, patients, Now);

    /// <summary>A message that leaves only if this transaction commits.</summary>
    /// <param name="message">What leaves; its subject must hold no PHI.</param>
    /// <param name="patient">The patient concerned, if any.</param>
    public void Enqueue(OutboxMessage message, PatientId? patient = null)
    {
        var id = Guid.CreateVersion7();
        var content = SealForClinic(message, new("outbox", "content", id));
        Queue("""
            insert into outbox (id, patient_id, channel, content, key_version, due_at, created_at)
            values (@id, @patient, 'email', @content, @keyVersion, @now, @now)
            """, new { id, patient, content, keyVersion = keys.CurrentVersion, now = Now });
        hasMail = true;
    }

    /// <summary>Tells all nodes once this has committed; nobody hears of what is given up. Tables of <see cref="NewsDesk.Watched"/> are told of without it.</summary>
    /// <param name="topic">One word of ours.</param>
    /// <param name="text">Ids, and never PHI.</param>
    public void Announce(string topic, string text) => news.Add(new(scope.Actor.Clinic, topic, text));

    /// <summary>Commits what was done together with its events.</summary>
    /// <exception cref="InvalidOperationException">No event was taken down: an unaudited read or write, refused by construction.</exception>
    public async Task CommitAsync(CancellationToken ct)
    {
        if (book.IsEmpty) throw new InvalidOperationException("A clinic transaction without an audit event is not committed.");
        book.QueueInto(pipe, scope.Actor, "done");
        if (hasMail) pipe.QueueBuiltUnsafe(OutboxBell.Ring(scope.Actor.Clinic));
        var guard = scope.Actor.Repeat is { IsClaimed: false } repeat ? repeat : null;
        if (guard is not null) KeptAnswers.QueueClaim(pipe, scope.Actor, guard, book.Patients, Now);
        pipe.Queue("commit");
        try
        {
            await pipe.FlushAsync(ct);
        }
        catch (PostgresException error) when (guard is not null && KeptAnswers.IsClaimTaken(error))
        {
            throw new RepeatedRequestException();
        }
        if (guard is not null) guard.IsClaimed = true;
        isCommitted = true;
        if (hasMail) scope.Bell.RingHere(scope.Actor.Clinic);
        foreach (var watch in written.Where(watch => !news.Exists(item => item.Topic == watch.Unless))) Announce(watch.Topic, "");
        news.ForEach(logins.News.Tell);
    }

    /// <summary>Gives up what was not committed, and takes down that it was tried and whom it looked at.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!isCommitted && pipe.HasSent) await GiveUpAsync();
        foreach (var key in opened.Values) key.Dispose();
        await pipe.DisposeAsync();
    }

    /// <summary>Remembers that screens show what the statement writes to.</summary>
    private string Noted(string sql)
    {
        foreach (var watch in logins.News.Watched.Of(sql)) written.Add(watch);
        return sql;
    }

    /// <summary>The wrapped keys of those patients who are not open yet.</summary>
    private async Task<List<IGrouping<PatientId, WrappedPatientKey>>> WrappedAsync(PatientId[] patients, CancellationToken ct)
    {
        AskKeys(patients);
        var rows = new List<WrappedPatientKey>();
        foreach (var some in wrapped) rows.AddRange(await some.ReadAsync(ct));
        if (rows.Exists(row => !keys.Knows(row.Wrapped))) await ReloadKeysAsync(ct);   // another node rotated the clinic's key a moment ago
        HashSet<PatientId> wanted = [.. patients];
        return [.. rows.Where(row => wanted.Contains(row.PatientId) && !opened.ContainsKey(row.PatientId)).GroupBy(row => row.PatientId)];
    }

    /// <summary>Reads the clinic's keys as the database has them now.</summary>
    internal async Task ReloadKeysAsync(CancellationToken ct) =>
        keys = scope.Ring.Learn(scope.Actor.Clinic, await pipe.QueryAsync<KeyRing.WrappedKey>("select purpose, version, wrapped from clinic_key", null, ct));

    private static bool IsShut(IGrouping<PatientId, WrappedPatientKey> rows) => rows.Any(row => row.IsShut);

    private void Unwrap(List<IGrouping<PatientId, WrappedPatientKey>> found) =>
        found.ForEach(rows => opened[rows.Key] = PatientKey.Unwrap(keys, scope.Ring.Opened, rows));

    private async Task GiveUpAsync()
    {
        if (pipe.HasFailed) await RecordOnFreshConnectionAsync();
        else
        {
            await pipe.RollbackAsync();
            await RecordRefusalAsync(pipe);
        }
    }

    private async Task RecordOnFreshConnectionAsync()
    {
        await using var fresh = await logins.OpenAsync(CancellationToken.None);
        await RecordRefusalAsync(fresh);
    }

    private async Task RecordRefusalAsync(SqlPipe into)
    {
        scope.QueueSettings(into);
        if (book.IsEmpty) book.Add(new($"attempt.{SqlArguments.SnakeCase(scope.Permission.ToString())}", "clinic"), [], Now);
        book.QueueInto(into, scope.Actor, "refused");
        into.Queue("commit");
        await into.FlushAsync(CancellationToken.None);
    }

    private const string SelectKeys = """
        select patient_id, version, wrapped, superseded_at is not null as is_superseded, false as is_shut
        from patient_key
        where patient_id = any(@patients) and wrapped is not null
        """;

    private const string SelectKeysOfCharts = """
        select patient_id, version, wrapped, superseded_at is not null as is_superseded, patient_id = any ((select shut_charts())::uuid[]) as is_shut
        from patient_key
        where patient_id = any(@patients) and wrapped is not null
        """;

    private const string SelectKeysInEmergency = """
        select patient_id, version, wrapped, superseded_at is not null as is_superseded, patient_id <> all ((select charts_open_in_emergency())::uuid[]) as is_shut
        from patient_key
        where patient_id = any(@patients) and wrapped is not null
        """;
}
