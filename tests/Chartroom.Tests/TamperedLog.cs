using Chartroom.AuditLog;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chartroom;

/// <summary>A clinic's log with rows and heads, and what a database superuser may try on it. Nobody but the superuser acts: keys and witness are out of reach.</summary>
internal sealed class TamperedLog : IAsyncDisposable
{
    /// <summary>What a class of tampering touched: rows and heads that must be named.</summary>
    internal sealed record Touched(List<Guid> Rows, List<long> Heads);

    private const string Replica = "set session_replication_role = replica;";   // triggers do not stop a superuser

    private readonly FileWitness files;   // where the witness keeps what it saw
    private readonly WebApplication? elsewhere;   // the witness's own program, on a port of this machine

    private TamperedLog(TestClinic clinic, FileWitness files, WebApplication? elsewhere, IWitness witness)
    {
        (Clinic, this.files, this.elsewhere) = (clinic, files, elsewhere);
        Sealer = new(clinic.The<DatabaseLogins>(), clinic.The<AuditKeys>(), witness, clinic.Clock, NullLogger<Sealer>.Instance);
        Reader = new(clinic.The<DatabaseLogins>(), clinic.The<AuditKeys>(), witness, clinic.The<AuditSettings>(), clinic.Clock);
    }

    public TestClinic Clinic { get; }

    private Sealer Sealer { get; }

    private SealedLogReader Reader { get; }

    private SealedLog Log => new(Clinic.Id, Clinic.The<AuditSettings>().LogName);

    /// <param name="rows">How many it begins with, 40 a head.</param>
    /// <param name="isRemote">True for a witness that is asked over HTTP, as with several nodes.</param>
    public static async Task<TamperedLog> MakeAsync(int rows, bool isRemote = false)
    {
        var log = await OpenAsync(await TestClinic.OpenAsync(), isRemote);
        for (var written = 0; written < rows; written += 40)
        {
            await log.WriteAsync(Math.Min(40, rows - written));
            await log.SealAsync();
            log.Clinic.Clock.Advance(TimeSpan.FromSeconds(30));
        }
        return log;
    }

    private static async Task<TamperedLog> OpenAsync(TestClinic clinic, bool isRemote)
    {
        if (!isRemote) return new(clinic, (FileWitness)clinic.The<IWitness>(), null, clinic.The<IWitness>());
        var files = new FileWitness(Directory.CreateTempSubdirectory().FullName, clinic.The<AuditKeys>().Log.Verifier, clinic.Clock);
        var elsewhere = WitnessVerb.Build(files, "http://127.0.0.1:0");
        await elsewhere.StartAsync();
        return new(clinic, files, elsewhere, new HttpWitness(clinic.The<IHttpClientFactory>(), new(elsewhere.Urls.Single() + "/"), NoteVerifier.Parse(files.Key.Text)));
    }

    public async Task WriteAsync(int rows, int atOnce = 10)
    {
        for (var at = 0; at < rows; at += atOnce)
        {
            await using var tx = await Clinic.The<TenantDb>().BeginAsync(Clinic.Actor(ClinicRole.System), Permission.SeePatients, default);
            for (var one = at; one < Math.Min(rows, at + atOnce); one++) tx.Audit(new("patient.opened", "patient", Guid.CreateVersion7()), PatientId.New());
            await tx.CommitAsync(default);
        }
    }

    /// <summary>Seals all that the program wrote. The tests beside this one hold transactions of the same cluster open, and the sealer waits for those.</summary>
    public async Task SealAsync(Sealer? sealer = null)
    {
        do await SealOnceAsync(sealer); while (await IsWaitingAsync());
    }

    /// <summary>True while a row has no leaf yet.</summary>
    public Task<bool> IsWaitingAsync() => Clinic.OneAsync<bool>($"""
        select exists (select from {Clinic.Schema}.audit_event, {Clinic.Schema}.audit_log_state where (xid, audit_event.id) > (last_xid, last_id))
        """);

    public Task SealOnceAsync(Sealer? sealer = null) => (sealer ?? Sealer).SealAsync(Log, default);

    public Task<Verdict> VerifyAsync() => Reader.VerifyAsync(Log, default);

    /// <summary>As chartroom-verify does: from an export, the public keys and the witness's file alone.</summary>
    public async Task<Verdict> VerifyExportAsync()
    {
        await using var file = new FileStream(Path.GetTempFileName(), new FileStreamOptions { Access = FileAccess.ReadWrite, Mode = FileMode.Create, Options = FileOptions.DeleteOnClose, BufferSize = 1 << 20 });
        await LogRecord.WriteAsync(file, Reader.ReadAsync(Log, default), default);
        file.Position = 0;
        using var reader = new StreamReader(file);
        var trust = new LogTrust(Log.Origin, Clinic.Id.Value, NoteVerifier.Parse(Clinic.The<AuditKeys>().Log.Verifier.Text), NoteVerifier.Parse(files.Key.Text), Clinic.Clock.GetUtcNow().AddYears(-7));
        return await new LogVerifier(trust, WitnessFile.ReadAsync(files.PathOf(Log.Origin), default)).VerifyAsync(LogRecord.ReadAsync(reader, default), default);
    }

    public async ValueTask DisposeAsync()
    {
        if (elsewhere is not null)
        {
            await elsewhere.DisposeAsync();
            files.Dispose();
        }
        await Clinic.DisposeAsync();
    }

    /// <summary>The classes, each on rows spread over the log.</summary>
    public static readonly IReadOnlyDictionary<string, Func<TamperedLog, Task<Touched>>> Classes = new Dictionary<string, Func<TamperedLog, Task<Touched>>>
    {
        ["edit"] = log => log.OnRowsAsync("update {0}.audit_event set action = 'patient.corrected', tag = null where id = any(@rows)"),
        ["delete"] = log => log.OnRowsAsync("delete from {0}.audit_event where id = any(@rows)"),
        ["insert"] = log => log.InsertAsync(),
        ["reorder"] = log => log.OnRowsAsync("""
            update {0}.audit_leaf set position = position + 1000 where event_id = any(@rows);
            update {0}.audit_leaf set position = (select swapped.position - 1000 from {0}.audit_leaf as swapped where swapped.event_id = @rows[3 - array_position(@rows, audit_leaf.event_id)])
            where event_id = any(@rows)
            """, most: 2),
        ["cut tail"] = log => log.CutAsync(80),
        ["rewrite all"] = log => log.RewriteAsync("action = 'patient.corrected'"),
        ["clock back"] = log => log.RewriteAsync("at = at - interval '8 hours'"),
        ["move to another clinic"] = log => log.MoveAsync(),
        ["restore an old snapshot"] = log => log.CutAsync(40),
        ["fork"] = log => log.ForkAsync(),
        ["drop a checkpoint"] = async log =>
        {
            await log.RunAsync("delete from {0}.audit_checkpoint where size = 80");
            return new([], [80]);
        },
        ["sign with another key"] = log => log.ResignAsync(),
    };

    private async Task<List<Guid>> SomeRowsAsync(int most) =>
        await Clinic.RowsAsync<Guid>($"select event_id from {Clinic.Schema}.audit_leaf where position % 13 = 5 order by position limit @most", new { most });

    /// <summary>The name that heads carry.</summary>
    internal string Origin => Log.Origin;

    /// <summary>A key of the log's own name that is not the log's.</summary>
    internal NoteSigner Stranger() => new(Clinic.The<AuditKeys>().Log.Verifier.Name, NoteKeyKind.Log, new byte[32]);

    internal Task RunAsync(string sql, object? arguments = null) =>
        Clinic.RunAsync([Replica, .. sql.Split(';').Select(one => one.Replace("{0}", Clinic.Schema, StringComparison.Ordinal))], arguments);

    private async Task<Touched> OnRowsAsync(string sql, int most = 8)
    {
        var rows = await SomeRowsAsync(most);
        await RunAsync(sql, new { rows = rows.ToArray() });
        return new(rows, []);
    }

    private async Task<Touched> InsertAsync()
    {
        var rows = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToList();
        await RunAsync("""
            insert into {0}.audit_event (id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome, door, tag)
            select made.id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome, door, tag
            from unnest(@rows) as made (id), (select * from {0}.audit_event limit 1) as model
            """, new { rows = rows.ToArray() });
        await SealAsync();
        return new(rows, []);
    }

    internal async Task<Touched> CutAsync(long size)
    {
        var rows = await Clinic.RowsAsync<Guid>($"select event_id from {Clinic.Schema}.audit_leaf where position >= @size", new { size });
        var edge = await EdgeAsync(size);
        await RunAsync("""
            delete from {0}.audit_event where id = any(@rows);
            delete from {0}.audit_leaf where event_id = any(@rows);
            delete from {0}.audit_checkpoint where size > @size;
            update {0}.audit_log_state set size = @size, edge = @edge
            """, new { rows = rows.ToArray(), size, edge });
        return new(rows, [120]);
    }

    /// <summary>The rows, their leaves and the tree, all consistent with each other again.</summary>
    private async Task<Touched> RewriteAsync(string change)
    {
        var rows = await SomeRowsAsync(8);
        await RunAsync($"update {{0}}.audit_event set {change} where id = any(@rows)", new { rows = rows.ToArray() });
        await RunAsync("update {0}.audit_leaf set event_at = entry.at from {0}.audit_entry as entry where entry.id = audit_leaf.event_id");
        await RehashAsync();
        return new(rows, []);
    }

    /// <summary>The log goes on from an earlier state with other rows, and the sealer signs it: it does not know better, the witness does.</summary>
    private async Task<Touched> ForkAsync()
    {
        var lost = await CutAsync(80);
        await WriteAsync(40);
        await SealAsync();
        return lost;
    }

    private async Task<Touched> MoveAsync() => new(await BringFromAnotherClinicAsync(8), []);

    /// <summary>So many rows of another clinic's log, put into this one's.</summary>
    internal async Task<List<Guid>> BringFromAnotherClinicAsync(int count)
    {
        var other = ClinicId.New();
        await Clinic.RowsAsync<int>("insert into platform.clinic (id, slug, name, state) values (@other, @slug, 'Other', 'provisioning') returning 1", new { other, slug = $"o-{other.Value:N}" });
        await Clinic.The<ClinicProvisioner>().ProvisionAsync(other, default);
        await using (var tx = await Clinic.The<TenantDb>().BeginAsync(Actor.OfSystem(other), Permission.SeePatients, default))
        {
            for (var at = 0; at < count; at++) tx.Audit(new("patient.opened", "patient"));
            await tx.CommitAsync(default);
        }
        var rows = await Clinic.RowsAsync<Guid>($"select id from tenant_{other.Value:N}.audit_event");
        await RunAsync($"insert into {{0}}.audit_event select * from tenant_{other.Value:N}.audit_event");
        return rows;
    }

    private async Task<Touched> ResignAsync()
    {
        using var stranger = Stranger();
        await RunAsync("update {0}.audit_event set action = 'patient.corrected' where id = (select event_id from {0}.audit_leaf where position = 3)");
        await RehashAsync();
        foreach (var size in new long[] { 40, 80, 120 })
        {
            var note = new Checkpoint(Log.Origin, size, new Frontier(size, await EdgeAsync(size)).Root()).SignedBy(stranger);
            await RunAsync("update {0}.audit_checkpoint set note = @note where size = @size", new { size, note });
        }
        return new([await Clinic.OneAsync<Guid>($"select event_id from {Clinic.Schema}.audit_leaf where position = 3")], [40, 80, 120]);
    }

    internal async Task RehashAsync(Guid[]? only = null)
    {
        var rows = await Clinic.RowsAsync<AuditEntryRow>($"select id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome, door, ip, device_id, agent, language, session_id, trace_id, xid, tag from {Clinic.Schema}.audit_entry where @only::uuid[] is null or id = any(@only)", new { only });
        await RunAsync("update {0}.audit_leaf set hash = made.hash from unnest(@ids, @hashes) as made (id, hash) where made.id = audit_leaf.event_id",
            new { ids = rows.Select(row => row.Id).ToArray(), hashes = rows.Select(row => row.Entry.Hash()).ToArray() });
    }

    private async Task<byte[]> EdgeAsync(long size)
    {
        var frontier = new Frontier();
        foreach (var hash in await Clinic.RowsAsync<byte[]>($"select hash from {Clinic.Schema}.audit_leaf where position < @size order by position", new { size })) frontier.Append(hash);
        return frontier.Export();
    }
}
