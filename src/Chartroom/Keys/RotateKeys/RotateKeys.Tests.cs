using System.Net;
using System.Net.Http.Json;
using Chartroom.Charts;
using Chartroom.Exports;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Npgsql;

namespace Chartroom.Keys;

public sealed class RotateKeysTests
{
    [Fact]
    public async Task KEY_2_Every_sealed_column_of_the_database_takes_part_in_a_rotation()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var told = await clinic.RowsAsync<string>("""
            select relname || '.' || attname
            from pg_class
            join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped and atttypid = 'bytea'::regtype
            where relnamespace = @schema::regnamespace and relkind in ('r', 'p')
                and col_description(pg_class.oid, attnum) like '%PHI class: encrypted%'
            order by 1
            """, new { schema = clinic.Schema });
        var bytes = await clinic.RowsAsync<string>("""
            select relname || '.' || attname
            from pg_class
            join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped and atttypid = 'bytea'::regtype
            where relnamespace = @schema::regnamespace and relkind in ('r', 'p') and not relispartition
            """, new { schema = clinic.Schema });
        // Hashes and tags hold nothing; wrapped keys are wrapped anew by the rotation itself; audio is under a key of its own, which is wrapped anew.
        string[] unsealed = ["audit_event.tag", "audit_leaf.hash", "audit_log_state.edge", "calendar_feed.token_hash", "clinic_key.wrapped", "kept_answer.request_hash", "online_booking.token_hash", "patient_key.wrapped", "recording_chunk.content", "visit_link.pass_hash", "visit_link.token_hash"];

        var registered = Columns(clinic).Select(column => $"{column.Table}.{column.Column}").Order(StringComparer.Ordinal).ToList();

        Assert.Equal(told.Order(StringComparer.Ordinal), registered);
        Assert.Empty(bytes.Except(registered).Except(unsealed));
    }

    [Fact]
    public async Task KEY_2_After_a_rotation_all_reads_as_before_nothing_is_under_an_old_key_and_the_old_keys_are_gone()
    {
        await using var desk = await WholeExportTests.SignedAndAmendedAsync();
        var clinic = desk.Clinic;
        await EnqueueAsync(clinic.The<TenantDb>(), clinic);
        await clinic.RowsAsync<int>("update outbox set state = 'failed' returning 1");
        var empty = await CountsAsync(clinic, column => $"select '{column.Table}', count(*) from {column.Table} where {column.Column} is not null");
        Assert.DoesNotContain(empty, it => it.Value == 0 && it.Key is not ("appointment" or "kept_answer" or "online_booking"));   // rotated with rows in them
        var before = await AllOfAsync(clinic);

        using (var admin = clinic.As(ClinicRole.Admin))
        {
            Assert.Equal(HttpStatusCode.Accepted, (await admin.PostAsJsonAsync("/api/v1/keys/rotations", new { withPatients = true })).StatusCode);
            Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsJsonAsync("/api/v1/keys/rotations", new { withPatients = true })).StatusCode);
            Assert.Contains("begins within a minute", await admin.GetStringAsync("/settings/keys"), StringComparison.Ordinal);
        }
        await FinishAsync(clinic);

        Assert.Equal(before, await AllOfAsync(clinic));
        await AssertAllIsNewAsync(clinic);
        using var after = clinic.As(ClinicRole.Admin);
        Assert.Contains("nothing is left under an older key", await after.GetStringAsync("/settings/keys"), StringComparison.Ordinal);
        using var provider = clinic.As(ClinicRole.Provider);
        Assert.Equal(HttpStatusCode.Forbidden, (await provider.GetAsync("/api/v1/keys")).StatusCode);
    }

    [Fact]
    public async Task KEY_2_Eight_at_work_two_nodes_and_kills_lose_no_read_and_leave_nothing_under_an_old_key()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var rings = new Nodes(clinic);
        var patients = new List<PatientId>();
        for (var number = 0; number < 12; number++) patients.Add(await rings.First.EnterAsync());
        foreach (var patient in patients) await rings.Second.WriteAsync(patient);   // the second node holds the first data key from here on
        using var over = new CancellationTokenSource();
        var work = Enumerable.Range(0, 8).Select(number => Task.Run(() => WorkAsync(number % 2 == 0 ? rings.First : rings.Second, patients, number, over.Token))).ToList();
        await clinic.The<RotateKeysHandler>().HandleAsync(new(true), clinic.Actor(ClinicRole.Admin), default);

        await RotateWithKillsAsync(clinic, rings, kills: 25);
        await over.CancelAsync();
        var acts = (await Task.WhenAll(work)).Sum();

        Assert.True(acts > 50, $"Only {acts} acts happened beside the rotation.");
        await rings.Second.EnterAsync();   // under the data key that this node still holds
        await FinishAsync(clinic);
        await AssertAllIsNewAsync(clinic);
        foreach (var patient in patients) await rings.First.ReadAsync(patient);
    }

    [Fact]
    public async Task KEY_2_Who_read_the_keys_before_a_rotation_opens_what_others_write_during_it()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var rings = new Nodes(clinic);
        var patient = await rings.First.EnterAsync();
        await using (var slow = await rings.First.BeginAsync())
        {
            var key = await slow.OpenPatientAsync(patient, new("chart.opened", "patient", patient.Value), default);
            await clinic.The<RotateKeysHandler>().HandleAsync(new(true), clinic.Actor(ClinicRole.Admin), default);
            Assert.Equal(RotationStep.Waiting, await clinic.The<KeyRotation>().RunAsync(clinic.Id, () => Task.CompletedTask, default));   // for the slow one
            Assert.Equal("await_knowing", await clinic.OneAsync<string>("select phase from key_rotation"));

            await rings.Second.WriteAsync(patient);

            Assert.Equal(1, await Node.ReadEntriesAsync(slow, patient, key!));
            await slow.CommitAsync(default);
        }
        await FinishAsync(clinic);
        await AssertAllIsNewAsync(clinic);
        await rings.First.ReadAsync(patient);
    }

    [Fact]
    public async Task KEY_2_Keys_are_rotated_after_ninety_days_by_themselves()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await clinic.RowsAsync<int>("update clinic_key set created_at = @at returning 1", new { at = clinic.Clock.GetUtcNow() });
        var (rotation, limit) = (clinic.The<KeyRotation>(), TimeSpan.FromDays(clinic.The<KeySettings>().RotateAfterDays));

        clinic.Clock.Advance(TimeSpan.FromDays(90));
        Assert.False(await rotation.IsDueAsync(clinic.Id, limit, default));
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await rotation.IsDueAsync(clinic.Id, limit, default));
        await clinic.The<RotateKeysHandler>().HandleAsync(new(true), Actor.OfSystem(clinic.Id), default);
        Assert.False(await rotation.IsDueAsync(clinic.Id, limit, default));
    }

    [Fact]
    public async Task KEY_2_Rows_that_are_never_changed_still_are_not()
    {
        await using var desk = await WholeExportTests.SignedAndAmendedAsync();
        foreach (var sql in new[]
        {
            "update transcript set content = content || 'x'::bytea, key_version = key_version + 1", "update transcript set content = content", "delete from transcript",
            "update decision set kind = 'accepted', key_version = key_version + 1", "update entry_version set state = 'draft', key_version = key_version + 1",
            "update draft set statement_count = 1, key_version = key_version + 1",
        }) Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>(sql))).SqlState);
    }

    /// <summary>Steps on both nodes; of the first ones so many are broken off at some point, as a kill would.</summary>
    [Fact]
    public async Task KEY_2_The_page_says_of_every_phase_what_it_is_and_of_the_last_alone_that_it_is_over()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var admin = clinic.As(ClinicRole.Admin);
        using var asked = await admin.PostAsJsonAsync("/api/v1/keys/rotations", new { withPatients = true });
        var rule = await clinic.OneAsync<string>("select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'key_rotation'::regclass and pg_get_constraintdef(oid) like '%take_over%'");
        string[] phases = [.. rule.Split('\'').Where((_, place) => place % 2 == 1)];

        Assert.Equal(("asked", "done", 11), (phases[0], phases[^1], phases.Length));
        foreach (var phase in phases)
        {
            await clinic.RunAsync([$"update {clinic.Schema}.key_rotation set phase = '{phase}', finished_at = case when '{phase}' = 'done' then now() end, made_at = case when '{phase}' <> 'asked' then now() end, data_version = case when '{phase}' <> 'asked' then 1 end"]);
            Assert.Equal(phase == "done", (await admin.GetStringAsync("/settings/keys")).Contains("The last rotation is finished", StringComparison.Ordinal));
        }
    }

    private static async Task RotateWithKillsAsync(TestClinic clinic, Nodes nodes, int kills)
    {
        var random = new Random(20261122);
        for (var step = 0; step < 2000; step++)
        {
            var node = step % 2 == 0 ? nodes.First : nodes.Second;
            using var kill = new CancellationTokenSource();
            if (step < kills) kill.CancelAfter(TimeSpan.FromMilliseconds(random.Next(1, 25)));
            try
            {
                await node.Rotation.StepAsync(clinic.Id, kill.Token);
            }
            catch (OperationCanceledException) when (kill.IsCancellationRequested)
            {
                continue;
            }
            if (await clinic.OneAsync<string>("select phase from key_rotation") == "await_nodes") return;
        }
        Assert.Fail($"The rotation did not come to its end; it is at {await clinic.OneAsync<string>("select phase from key_rotation")}.");
    }

    /// <summary>Reads and writes until it is over; any failure fails the test.</summary>
    private static async Task<int> WorkAsync(Node node, List<PatientId> patients, int seed, CancellationToken over)
    {
        var (random, acts) = (new Random(seed), 0);
        while (!over.IsCancellationRequested)
        {
            var patient = patients[random.Next(patients.Count)];
            if (random.Next(3) == 0) await node.WriteAsync(patient);
            else await node.ReadAsync(patient);
            if (random.Next(20) == 0) await node.EnterAsync();
            acts++;
        }
        return acts;
    }

    private static async Task FinishAsync(TestClinic clinic)
    {
        var rotation = clinic.The<KeyRotation>();
        Assert.Equal(RotationStep.Waiting, await rotation.RunAsync(clinic.Id, () => Task.CompletedTask, default));
        Assert.Equal("await_nodes", await clinic.OneAsync<string>("select phase from key_rotation"));
        clinic.Clock.Advance(KeyRotation.NodesForget);
        Assert.Equal(RotationStep.None, await rotation.RunAsync(clinic.Id, () => Task.CompletedTask, default));
    }

    private static async Task AssertAllIsNewAsync(TestClinic clinic)
    {
        Assert.Equal([2], await clinic.RowsAsync<int>("select version from clinic_key where purpose = 'data'"));
        Assert.Empty(await clinic.RowsAsync<int>("select version from patient_key where superseded_at is not null or clinic_key_version <> 2"));
        var old = await CountsAsync(clinic, column => column.OfPatient is null
            ? $"select '{column.Table}', count(*) from {column.Table} where {column.Column} is not null and {column.VersionColumn} <> 2"
            : $"select '{column.Table}', count(*) from {column.Table} where {column.Column} is not null and {column.VersionColumn} <> (get_byte({column.Column}, 4))");
        Assert.All(old, it => Assert.Equal((it.Key, 0), (it.Key, it.Value)));   // what the envelope itself says
        foreach (var column in Columns(clinic).Where(it => it.OfPatient == "patient_id = @patient"))
            Assert.Equal(0, await clinic.OneAsync<long>($"""
                select count(*)
                from {column.Table} as cell
                where {column.Column} is not null and {column.VersionColumn} not in (select patient_key.version from patient_key where patient_key.patient_id = cell.patient_id)
                """));
    }

    private static async Task<Dictionary<string, long>> CountsAsync(TestClinic clinic, Func<SealedColumn, string> sql)
    {
        var counts = new Dictionary<string, long>();
        foreach (var column in Columns(clinic))
        {
            var (table, count) = await clinic.OneAsync<(string, long)>(sql(column));
            counts[table] = count;
        }
        return counts;
    }

    private static async Task<List<string>> AllOfAsync(TestClinic clinic)
    {
        await clinic.RowsAsync<int>("update session set proved_at = @now, last_seen_at = @now where clinic_id = @Id returning 1", new { now = clinic.Clock.GetUtcNow(), clinic.Id });
        using var admin = clinic.As(ClinicRole.Admin);
        var all = new List<string>();
        foreach (var subject in ExportSubject.All.Where(subject => subject != ExportSubject.Audit)) all.Add(await admin.GetStringAsync($"/api/v1/exports/{subject.Name}.json"));
        return all;
    }

    private static IEnumerable<SealedColumn> Columns(TestClinic clinic) => clinic.The<IEnumerable<SealedColumn>>();

    private static async Task EnqueueAsync(TenantDb db, TestClinic clinic)
    {
        await using var tx = await db.BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.BookAppointments, default);
        tx.Audit(new("appointment.booked", "appointment"));
        tx.Enqueue(new("jo@patient.example", "Your appointment", "Tomorrow at ten."));
        await tx.CommitAsync(default);
    }

    /// <summary>Two programs on one database, each with keys of its own in memory.</summary>
    private sealed class Nodes : IDisposable
    {
        private readonly KeyRing one, other;

        public Nodes(TestClinic clinic)
        {
            (one, other) = (new(clinic.The<IKms>(), clinic.Clock), new(clinic.The<IKms>(), clinic.Clock));
            (First, Second) = (new(clinic, one), new(clinic, other));
        }

        public Node First { get; }

        public Node Second { get; }

        public void Dispose()
        {
            one.Dispose();
            other.Dispose();
        }
    }

    private sealed class Node(TestClinic clinic, KeyRing ring)
    {
        private readonly TenantDb db = new(clinic.The<DatabaseLogins>(), ring, clinic.The<OutboxBell>(), clinic.The<AuditStamp>(), clinic.Clock);

        public KeyRotation Rotation => new(db, ring, clinic.The<DatabaseLogins>(), Columns(clinic), clinic.Clock);

        public async Task<PatientId> EnterAsync()
        {
            await using var tx = await BeginAsync();
            var entered = await PatientRegister.CreateAsync(tx, new() { Names = [new() { Given = ["Jo"], Family = $"F{Guid.CreateVersion7():N}" }] }, "patient.created", default);
            tx.Enqueue(new("jo@patient.example", "Welcome", "Welcome."));
            await tx.CommitAsync(default);
            return entered.Value.Id;
        }

        public async Task WriteAsync(PatientId patient)
        {
            await using var tx = await BeginAsync();
            var key = await tx.OpenPatientAsync(patient, new("entry.added", "entry"), default);
            ChartBook.Add(tx, key!, new(EntryId.New(), patient, Note));
            await tx.CommitAsync(default);
        }

        public async Task ReadAsync(PatientId patient)
        {
            await using var tx = await BeginAsync();
            var key = await tx.OpenPatientAsync(patient, new("chart.opened", "patient", patient.Value), default);
            await ReadEntriesAsync(tx, patient, key!);
            await PatientRegister.ReadAsync(tx, patient, new("patient.read", "patient"), default);
            await tx.CommitAsync(default);
        }

        public static async Task<int> ReadEntriesAsync(ClinicTx tx, PatientId patient, PatientKey key)
        {
            var rows = await tx.QueryAsync<Row>("select id, version, content from entry where patient_id = @patient", new { patient }, default);
            foreach (var row in rows) Assert.Equal("Asthma", Assert.IsType<Entry.Problem>(ChartBook.Open(key, row.Id, row.Version, row.Content)).Code.Text);
            return rows.Count;
        }

        private static readonly Entry Note = new Entry.Problem { Code = new() { Text = "Asthma" } };

        public Task<ClinicTx> BeginAsync() => db.BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditCharts, default);

        private sealed record Row(EntryId Id, int Version, byte[] Content);
    }
}
