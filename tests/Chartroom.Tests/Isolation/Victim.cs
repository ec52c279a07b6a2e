using Chartroom.Patients;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Scribe;

namespace Chartroom.Isolation;

/// <summary>A clinic full of things to steal, and what a thief would show of them.</summary>
internal sealed class Victim : IAsyncDisposable
{
    private const string Canary = "Zebulonquist";
    private const string NameCanary = "Quistzebulon";   // its own people see the clinic's name, whatever they are refused
    private readonly ReviewDesk desk;

    private Victim(ReviewDesk desk) => this.desk = desk;

    public TestClinic Clinic => desk.Clinic;

    public ReviewDesk Desk => desk;

    /// <summary>The patient with a visit, a draft, a signed note and entries.</summary>
    public PatientId Patient => desk.Patient;

    /// <summary>Another of the clinic's patients, with nothing in the chart.</summary>
    public PatientId Other { get; private set; }

    /// <summary>Its ids by the table they come from, one each at least.</summary>
    public IReadOnlyList<(string Table, Guid Id)> Ids { get; private set; } = [];

    public static async Task<Victim> OpenAsync()
    {
        var desk = await ReviewDesk.OpenAsync();
        var drafted = await desk.DraftedAsync(ReviewDesk.WithGaps);
        await desk.DecideAllAsync(drafted);
        await desk.SignAsync(drafted);
        await desk.WriteNoteByHandAsync();
        var victim = new Victim(desk);
        await using (var tx = await desk.Clinic.The<TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default))
        {
            victim.Other = (await PatientRegister.CreateAsync(tx, new Demographics { Names = [new() { Given = [Canary], Family = Canary }] }, "patient.created", default)).Value.Id;
            await tx.CommitAsync(default);
        }
        await desk.Clinic.RowsAsync<int>($"update platform.clinic set name = '{NameCanary}' where id = '{desk.Clinic.Id.Value}' returning 1");
        victim.Ids = await victim.CollectAsync();
        return victim;
    }

    /// <summary>What of this clinic stands in an answer to one who asked for <paramref name="asked"/> and is <paramref name="self"/>; null when nothing does.</summary>
    public string? LeakIn(string answer, Guid asked, bool isStranger, Guid? self = null)
    {
        if (answer.Contains(Canary, StringComparison.OrdinalIgnoreCase) || (isStranger && answer.Contains(NameCanary, StringComparison.OrdinalIgnoreCase))) return "its words";
        foreach (var (table, id) in Ids)
            if (id != asked && id != self && (isStranger || table != "clinic") && (answer.Contains(id.ToString(), StringComparison.OrdinalIgnoreCase) || answer.Contains($"{id:N}", StringComparison.OrdinalIgnoreCase))) return $"an id of {table} in {Around(answer, id)}";
        return null;
    }

    private static string Around(string answer, Guid id) =>
        Math.Max(answer.IndexOf(id.ToString(), StringComparison.OrdinalIgnoreCase), answer.IndexOf($"{id:N}", StringComparison.OrdinalIgnoreCase)) is var at
            ? answer[Math.Max(0, at - 40)..Math.Min(answer.Length, at + 40)].ReplaceLineEndings(" ") : "";

    /// <summary>Of all its rows a hash, so that a changed, added or removed one shows.</summary>
    /// <param name="withoutTrail">True to leave out what tells that somebody looked.</param>
    public Task<string> FingerprintAsync(bool withoutTrail = false) => FingerprintAsync(Clinic, withoutTrail);

    /// <summary>The same of any clinic.</summary>
    public static async Task<string> FingerprintAsync(TestClinic clinic, bool withoutTrail = false)
    {
        var tables = await clinic.RowsAsync<string>("""
            select relname::text from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
                and relname not in ('kept_answer', 'audit_leaf', 'audit_checkpoint', 'audit_log_state') order by 1
            """);
        var hashes = new List<string>();
        foreach (var table in tables.Where(table => !withoutTrail || table is not ("audit_event" or "break_glass")))
            hashes.Add($"{table} {await clinic.OneAsync<string>($"select coalesce(md5(string_agg(it::text, '|' order by it::text)), '') from {table} as it")}");
        foreach (var table in new[] { "membership", "invite", "agreement" })
            hashes.Add($"{table} {await clinic.OneAsync<string>($"select coalesce(md5(string_agg(it::text, '|' order by it::text)), '') from platform.{table} as it where clinic_id = '{clinic.Id.Value}'")}");
        return string.Join('\n', hashes);
    }

    /// <summary>Ids of what belongs to that patient, each of them another thing than the patient.</summary>
    public async Task<IReadOnlyList<(string Table, Guid Id)>> OfPatientAsync(PatientId patient)
    {
        var ids = new List<(string, Guid)>();
        foreach (var table in await Clinic.RowsAsync<string>("""
            select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'patient_id' join pg_attribute i on i.attrelid = c.oid and i.attname = 'id'
            where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1
            """))
            ids.AddRange((await Clinic.RowsAsync<Guid>($"select id from {table} where patient_id = @patient", new { patient })).Select(id => (table, id)));
        return ids;
    }

    /// <summary>Sessions of that role, one for each route: what one of them does to its session must not spoil the others.</summary>
    public static async Task<string[]> SessionsAsync(TestClinic clinic, ClinicRole role, int count, bool hasSecondFactor = true, bool hasEnded = false)
    {
        string[] tokens = [.. Enumerable.Range(0, count).Select(_ => $"sweep-{Guid.CreateVersion7():N}")];
        var now = clinic.Clock.GetUtcNow();
        await clinic.RowsAsync<int>("""
            insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, created_at, last_seen_at, expires_at, ended_at)
            select id, hash, @person, @clinic, @hasSecondFactor, @now, @now, @until, case when @hasEnded then @now::timestamptz end from unnest(@ids, @hashes) as it (id, hash) returning 1
            """, new
        {
            person = clinic.Actor(role).Person, clinic = clinic.Id, hasSecondFactor, hasEnded, now, until = now.AddHours(8),
            ids = tokens.Select(_ => Guid.CreateVersion7()).ToArray(), hashes = tokens.Select(SessionGate.HashOf).ToArray(),
        });
        return tokens;
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task<List<(string, Guid)>> CollectAsync()
    {
        var ids = new List<(string, Guid)> { ("clinic", Clinic.Id.Value) };
        foreach (var (table, column) in await Clinic.RowsAsync<(string, string)>("""
            select c.relname::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.atttypid = 'uuid'::regtype and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1, 2
            """))
            ids.AddRange((await Clinic.RowsAsync<Guid>($"select distinct {column} from {table} where {column} is not null and {column} <> '{Guid.Empty}' limit 3")).Select(id => ($"{table}.{column}", id)));
        ids.AddRange((await Clinic.RowsAsync<Guid>($"select id from platform.session where clinic_id = '{Clinic.Id.Value}'")).Select(id => ("session", id)));
        return [.. ids.DistinctBy(it => it.Item2)];
    }
}
