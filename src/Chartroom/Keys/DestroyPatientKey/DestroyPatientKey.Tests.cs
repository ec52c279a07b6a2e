using System.Diagnostics;
using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chartroom.Keys;

public sealed class DestroyPatientKeyTests
{
    [Fact]
    public async Task KEY_3_A_destroyed_patient_is_unreadable_in_live_data_and_in_a_dump_taken_before_once_it_is_restored()
    {
        await using var site = await Site.MakeAsync();
        var (gone, stays) = (await site.EnterAsync(), await site.EnterAsync());
        var dump = await site.DumpAsync();

        Assert.True((await site.DestroyAsync(gone)).IsOk);
        Assert.Equal("keys.no-key", (await site.DestroyAsync(gone)).Refusal!.Code);
        Assert.False(await site.CanReadAsync(gone));
        Assert.True(await site.CanReadAsync(stays));

        await using var back = await site.RestoreAsync(dump);
        Assert.True(await back.CanReadAsync(gone));   // what the dump alone would bring back
        Assert.Equal(1, await back.ReplayAsync());
        Assert.False(await back.CanReadAsync(gone));
        Assert.True(await back.CanReadAsync(stays));
        Assert.Equal(0, await back.ReplayAsync());
        Assert.Equal((1L, 1L), (await back.CountAsync("patient_tombstone"), await back.CountAsync("audit_event where action = 'patient_key.destroyed'")));
    }

    [Fact]
    public async Task KEY_3_Without_the_list_or_with_an_earlier_or_altered_one_the_program_does_not_start()
    {
        await using var site = await Site.MakeAsync();
        await site.DestroyAsync(await site.EnterAsync());
        var earlier = await File.ReadAllTextAsync(site.List);
        await site.DestroyAsync(await site.EnterAsync());
        var whole = await File.ReadAllTextAsync(site.List);

        await File.WriteAllTextAsync(site.List, earlier);
        Assert.Contains("lacks 1", (await Assert.ThrowsAsync<TombstoneException>(site.ReplayAsync)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(site.List, whole.Split('\n')[1] + "\n");   // its first line cut out
        Assert.Contains("was altered", (await Assert.ThrowsAsync<TombstoneException>(site.ReplayAsync)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(site.List, whole + "3 2026-03");   // cut off by a crash while it was written: never acknowledged
        Assert.Equal(0, await site.ReplayAsync());
        await site.DestroyAsync(await site.EnterAsync());
        Assert.Equal(3, site.The<TombstoneList>().Read().Count);
        whole = await File.ReadAllTextAsync(site.List);
        File.Delete(site.List);
        Assert.Contains("is gone", (await Assert.ThrowsAsync<TombstoneException>(site.ReplayAsync)).Message, StringComparison.Ordinal);
        Assert.Contains("newest copy", StartTrouble.WordsFor(await Assert.ThrowsAsync<TombstoneException>(site.ReplayAsync)), StringComparison.Ordinal);
        await File.WriteAllTextAsync(site.List, whole);
        Assert.Equal(0, await site.ReplayAsync());
    }

    [Fact]
    public async Task KEY_3_Every_verb_destroys_anew_what_a_restore_brought_back_or_refuses_without_the_list()
    {
        await using var site = await Site.MakeAsync();
        var gone = await site.EnterAsync();
        Assert.Equal(0, await site.ReplayAsync());   // the first start: from here on the database asks for its list
        var dump = await site.DumpAsync();
        Assert.True((await site.DestroyAsync(gone)).IsOk);
        await using var back = await site.RestoreAsync(dump);   // nobody is destroyed in it, and it knows of no tombstone
        var list = await File.ReadAllTextAsync(site.List);
        File.Delete(site.List);

        var (code, said) = await back.VerbAsync("serve");   // it would never end if it served
        Assert.Equal((1, true, false), (code, said.Contains("is gone. Put its newest copy back", StringComparison.Ordinal), said.Contains("Now listening", StringComparison.OrdinalIgnoreCase)));
        (code, said) = await back.VerbAsync("audit", "verify", "--clinic", "keys");
        Assert.Equal((1, true), (code, said.Contains("is gone. Put its newest copy back", StringComparison.Ordinal)));
        Assert.True(await back.CanReadAsync(gone));   // refused before it did anything

        await File.WriteAllTextAsync(site.List, list);
        (code, said) = await back.VerbAsync("audit", "verify", "--clinic", "keys");
        Assert.True(code is 0 or 1, said);   // a log that came back from a backup is behind its witness
        Assert.False(await back.CanReadAsync(gone));
        Assert.Equal(1L, await back.CountAsync("patient_tombstone"));
    }

    [Fact]
    public void KEY_3_No_verb_that_opens_clinics_data_is_left_out()
    {
        static IEnumerable<System.CommandLine.Command> Leaves(System.CommandLine.Command it) => it.Subcommands.Count == 0 ? [it] : it.Subcommands.SelectMany(Leaves);
        var all = Leaves(Verbs.Root()).Select(Verbs.NameOf).ToList();

        Assert.Empty(Verbs.NotHeld.Except(all));   // no name of a verb that is gone
        Assert.Equal(["audit export", "audit verify", "bench audit", "bench chart", "bench codes", "bench day", "bench fill", "bench growth", "bench live", "bench load", "bench page", "bench pages", "bench rotate", "bench search", "bench slots", "bench start", "codes load", "export", "import", "keys rotate", "keys rotate-host"], all.Except(Verbs.NotHeld).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task KEY_3_Only_the_program_itself_destroys_a_key_once_two_people_said_so_and_a_rotation_leaves_it_destroyed()
    {
        await using var site = await Site.MakeAsync();
        var patient = await site.EnterAsync();
        await Assert.ThrowsAsync<ForbiddenException>(() => site.DestroyAsync(patient, ClinicRole.Admin, isConfirmed: false));
        Assert.Equal("keys.not-confirmed", (await site.DestroyAsync(patient, isConfirmed: false)).Refusal!.Code);
        Assert.True(await site.CanReadAsync(patient));
        await site.DestroyAsync(patient);

        var (rotation, _) = (site.The<Platform.Vault.KeyRotation>(), await site.The<RotateKeysHandler>().HandleAsync(new(true), Actor.OfSystem(site.Clinic), default));
        await rotation.RunAsync(site.Clinic, () => Task.CompletedTask, default);
        site.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(Platform.Vault.RotationStep.None, await rotation.RunAsync(site.Clinic, () => Task.CompletedTask, default));
        Assert.Equal(1, await site.CountAsync("clinic_key where purpose = 'data'"));
        Assert.False(await site.CanReadAsync(patient));
    }

    /// <summary>A program of its own on a database of its own, so that it can be dumped and restored whole.</summary>
    private sealed class Site(WebApplication app, NpgsqlConnectionStringBuilder database, string list) : IAsyncDisposable
    {
        public ClinicId Clinic { get; private init; }

        public string List => list;

        public Microsoft.Extensions.Time.Testing.FakeTimeProvider Clock => (Microsoft.Extensions.Time.Testing.FakeTimeProvider)The<TimeProvider>();

        public T The<T>() where T : notnull => app.Services.GetRequiredService<T>();

        public static async Task<Site> MakeAsync()
        {
            var shared = new NpgsqlConnectionStringBuilder(await TestDatabase.ConnectionAsync());
            var database = new NpgsqlConnectionStringBuilder(shared.ConnectionString) { Database = $"chartroom_keys_{Guid.CreateVersion7():N}" };
            await WholeServer.RunAsync(shared.ConnectionString, $"create database {database.Database}");
            var list = Path.Combine(Directory.CreateTempSubdirectory("chartroom-tombstones-").FullName, "list");
            var app = Build(database, list);
            await WholeServer.MigrateAsync(app);
            return new(app, database, list) { Clinic = await ScratchClinic.OpenAsync(app.Services, "keys", "Keys", default) };
        }

        public async Task<PatientId> EnterAsync()
        {
            await using var tx = await The<TenantDb>().BeginAsync(Actor.OfSystem(Clinic), Permission.EditPatients, default);
            var entered = (await PatientRegister.CreateAsync(tx, new() { Names = [new() { Given = ["Jo"], Family = "Lee" }] }, "patient.created", default)).Value.Id;
            var key = await tx.OpenPatientAsync(entered, new("entry.added", "entry"), default);
            ChartBook.Add(tx, key!, new(EntryId.New(), entered, new Entry.Problem { Code = new() { Text = "Asthma" } }));
            await tx.CommitAsync(default);
            return entered;
        }

        public async Task<Outcome<Done>> DestroyAsync(PatientId patient, ClinicRole role = ClinicRole.System, bool isConfirmed = true)
        {
            if (isConfirmed) await ConfirmAsync(patient);
            return await The<DestroyPatientKeyHandler>().HandleAsync(new(patient), Actor.OfSystem(Clinic) with { Role = role }, default);
        }

        /// <summary>As two people would have, who put the patient away first.</summary>
        private Task ConfirmAsync(PatientId patient) => WholeServer.RunAsync(database.ConnectionString, $"""
            set search_path = tenant_{Clinic.Value:N};
            insert into staff (id, display_name, role, has_account) values ('{One}', 'One', 'admin', true), ('{Other}', 'Other', 'admin', true) on conflict do nothing;
            update patient set put_away_by = '{One}', put_away_reason = 'to_be_destroyed', deleted_at = now() where id = '{patient.Value}';
            insert into patient_destruction (patient_id, reason, asked_by, asked_at, confirmed_by, confirmed_at) values ('{patient.Value}', 'legal', '{One}', now(), '{Other}', now()) on conflict do nothing;
            """);

        private static readonly Guid One = Guid.Parse("0199c0de-0000-7000-8000-00000000a001"), Other = Guid.Parse("0199c0de-0000-7000-8000-00000000a002");

        public async Task<bool> CanReadAsync(PatientId patient)
        {
            await using var tx = await The<TenantDb>().BeginAsync(Actor.OfSystem(Clinic), Permission.SeeCharts, default);
            tx.Audit(new("chart.opened", "patient", patient.Value), patient);
            var record = (await PatientRegister.NamesOnRecordAsync(tx, [patient], new("patient.read", "patient"), default)).GetValueOrDefault(patient);
            var key = await tx.OpenPatientAsync(patient, new("chart.opened", "patient"), default);
            var contents = await tx.QueryAsync<byte[]>("select content from entry where patient_id = @patient", new { patient }, default);
            await tx.CommitAsync(default);
            Assert.Single(contents);   // the rows are there, with or without a key
            Assert.Equal(key is null, record is null);
            return key is not null;
        }

        /// <summary>A verb of the program in a process of its own.</summary>
        public async Task<(int Code, string Said)> VerbAsync(params string[] words)
        {
            using var program = Bench.ProgramProcess.Start(app.Services, words);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            return await program.EndAsync(patience.Token);
        }

        public Task<int> ReplayAsync() => The<ReplayTombstones>().RunAsync(default);

        public async Task<long> CountAsync(string what)
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"set search_path = tenant_{Clinic.Value:N}; select count(*) from {what}", connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }

        public async Task<string> DumpAsync()
        {
            var file = list + ".sql";
            await ToolAsync("pg_dump", database, "-f", file);
            return file;
        }

        /// <summary>The dump in another database, with another program on it that has the same list.</summary>
        public async Task<Site> RestoreAsync(string dump)
        {
            var other = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = $"chartroom_keys_{Guid.CreateVersion7():N}" };
            await WholeServer.RunAsync(database.ConnectionString, $"create database {other.Database}");
            await ToolAsync("psql", other, "-q", "-v", "ON_ERROR_STOP=1", "-f", dump);
            var program = Build(other, list);
            await WholeServer.MigrateAsync(program);
            return new(program, other, list) { Clinic = Clinic };
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            await WholeServer.RunAsync(await TestDatabase.ConnectionAsync(), $"drop database {database.Database} with (force)");
        }

        private static WebApplication Build(NpgsqlConnectionStringBuilder database, string list) =>
            Shell.Host.Build([.. TestDatabase.Settings(database.ConnectionString), $"--Keys:TombstoneFile={list}"], builder =>
            {
                builder.WebHost.UseTestServer();
                builder.Services.AddSingleton<TimeProvider>(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.Parse("2026-03-02T14:00:00Z", System.Globalization.CultureInfo.InvariantCulture)));
            });

        private static async Task ToolAsync(string tool, NpgsqlConnectionStringBuilder database, params string[] arguments)
        {
            var path = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", tool)).Last(File.Exists);
            var start = new ProcessStartInfo(path, ["-h", database.Host!, "-p", $"{database.Port}", "-U", database.Username!, "-d", database.Database!, .. arguments])
            {
                RedirectStandardError = true, RedirectStandardOutput = true,
            };
            if (database.Password is { } password) start.Environment["PGPASSWORD"] = password;
            using var process = Process.Start(start)!;
            var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{tool}: {await wrong}{await said}");
        }
    }
}
