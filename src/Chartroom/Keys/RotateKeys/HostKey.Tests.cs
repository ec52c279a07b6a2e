using System.Buffers.Binary;
using Chartroom.Accounts;
using Chartroom.Platform.Database;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chartroom.Keys;

public sealed class HostKeyTests
{
    [Fact]
    public async Task KEY_2_Every_secret_under_the_hosts_key_takes_part_in_its_rotation()
    {
        await using var clinic = await TestClinic.OpenAsync();
        const string bytes = """
            select relname || '.' || attname
            from pg_class
            join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped and atttypid = 'bytea'::regtype
            where relnamespace = 'platform'::regnamespace and relkind in ('r', 'p') and not relispartition
            """;
        // Hashes, tags and public keys open nothing; a photo is for colleagues to see.
        string[] unsealed = ["api_client_secret.hash", "api_token.hash", "agreement.text_hash", "audit_event.tag", "audit_leaf.hash", "audit_log_state.edge", "credential.handover_hash", "invite.token_hash",
            "passkey.credential_id", "passkey.public_key", "person_photo.image", "password_reset.token_hash", "recovery_code.code_hash", "request_count.key", "session.token_hash", "sign_in_ceiling.account_hash",
            "sign_in_guard.account_hash", "sign_up.token_hash"];

        var registered = clinic.The<IEnumerable<HostSecretColumn>>().Select(it => $"{it.Table}.{it.Column}"["platform.".Length..]).Order(StringComparer.Ordinal).ToList();

        Assert.Equal((await clinic.RowsAsync<string>(bytes + " and col_description(pg_class.oid, attnum) like '%sealed%'")).Order(StringComparer.Ordinal), registered);
        Assert.Empty((await clinic.RowsAsync<string>(bytes)).Except(registered).Except(unsealed));
    }

    [Fact]
    public async Task KEY_2_After_a_rotation_of_the_hosts_key_everybody_signs_in_nothing_is_under_the_old_one_and_it_can_be_destroyed()
    {
        await using var site = await Site.MakeAsync();
        var people = await site.EnterAsync(3);
        await site.OfferAsync(people[0]);
        var before = await site.SecretsAsync();

        var (code, said) = await site.VerbAsync("keys", "rotate-host");

        Assert.True(code == 0, said);
        Assert.Contains("platform.credential.totp_secret: 3 left, platform.credential.totp_next: 1 left, platform.credential.unread_codes: 3 left, clinic_key.wrapped: 2 left", said, StringComparison.Ordinal);
        Assert.Contains("totp_secret: 0 left, platform.credential.totp_next: 0 left, platform.credential.unread_codes: 0 left, clinic_key.wrapped: 0 left", said, StringComparison.Ordinal);
        Assert.Equal(new Dictionary<int, int> { [2] = 9 }, await site.VersionsAsync());
        foreach (var person in people) Assert.True(await site.SignsInAsync(person));   // the program that runs has followed
        Assert.Equal(before, await site.SecretsAsync());

        (code, said) = await site.VerbAsync("keys", "rotate-host", "--destroy-old");
        Assert.Equal((1, true), (code, said.Contains("Nothing was destroyed", StringComparison.Ordinal)));   // somebody may be at work who began before
        Assert.Equal([1, 2], site.Kms.Versions);
        site.LetTenMinutesPass();
        (code, said) = await site.VerbAsync("keys", "rotate-host", "--destroy-old");
        Assert.True(code == 0, said);
        Assert.Equal([2], site.Kms.Versions);
        site.Clock.Advance(TimeSpan.FromMinutes(11));   // nobody holds a clinic's keys in memory any more
        foreach (var person in people) Assert.True(await site.SignsInAsync(person));
        Assert.Equal(before, await site.SecretsAsync());
    }

    [Fact]
    public async Task KEY_2_A_rotation_of_the_hosts_key_that_is_killed_goes_on_and_what_is_written_meanwhile_is_under_the_new_one()
    {
        await using var site = await Site.MakeAsync();
        var people = await site.EnterAsync(300);
        for (var kills = 0; kills < 2; kills++)
        {
            using var program = Bench.ProgramProcess.Start(site.Services, "keys", "rotate-host");
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            Assert.Contains(kills == 0 ? "Rotating to version 2." : "going on with it", await program.LineAsync(patience.Token), StringComparison.Ordinal);
            await program.LineAsync(patience.Token);   // what is left, and then it is at work
            await program.KillAsync(patience.Token);
            Assert.Equal(2, site.Kms.CurrentVersion);
            if (kills == 0) await site.SpoilAsync();   // however far it came: half of it is under the old one
            foreach (var person in people.Take(5)) Assert.True(await site.SignsInAsync(person));
            site.Clock.Advance(TimeSpan.FromSeconds(60));
        }
        site.LetTenMinutesPass();
        var (code, said) = await site.VerbAsync("keys", "rotate-host", "--destroy-old");
        if (code == 1) Assert.Equal([1, 2], site.Kms.Versions);
        else Assert.Empty((await site.VersionsAsync()).Keys.Except([2]));   // it had come to its end before it was killed

        var fresh = (await site.EnterAsync(1)).Single();
        Assert.All(await site.VersionsOfAsync(fresh), version => Assert.Equal(2, version));
        (code, said) = await site.VerbAsync("keys", "rotate-host");
        Assert.True(code == 0, said);
        Assert.Empty((await site.VersionsAsync()).Keys.Except(site.Kms.Versions.TakeLast(1)));
        foreach (var person in people.Append(fresh).TakeLast(5)) Assert.True(await site.SignsInAsync(person));
    }

    [Fact]
    public async Task KEY_2_A_step_of_the_rotation_waits_for_nobody_and_overwrites_nobody()
    {
        await using var site = await Site.MakeAsync();
        var people = await site.EnterAsync(2);
        var (rotation, column) = (site.The<HostKeyRotation>(), site.The<IEnumerable<HostSecretColumn>>().First());
        Assert.True(await rotation.BeginAsync(default));
        Assert.False(await rotation.BeginAsync(default));   // begun is begun

        await using (var slow = await site.The<PlatformDb>().BeginAsync(Origin.Job("page"), default))
        {
            await slow.QueryAsync<int>("select code_failures from platform.credential where person_id = @id for no key update", new { people[0].Id }, default);
            Assert.Equal(1, await rotation.SealAnewAsync(column, 10, default));   // the other one
            Assert.Equal(0, await rotation.SealAnewAsync(column, 10, default));
        }
        Assert.Equal(1, await rotation.SealAnewAsync(column, 10, default));
        Assert.False(await rotation.DestroyOldAsync(default));
        await rotation.RunAsync(() => Task.CompletedTask, default);
        Assert.Equal(3, rotation.Prepare());
        Assert.Equal(3, rotation.Prepare());
        Assert.Equal(2, rotation.CurrentVersion);   // waits until every node has the file
        site.LetTenMinutesPass();
        Assert.False(await rotation.DestroyOldAsync(default));   // which would destroy it
        Assert.True(await rotation.BeginAsync(default));
        Assert.Equal((3, 3), (rotation.CurrentVersion, rotation.Versions.Count));
    }

    private sealed record Member(Guid Id, string Email, byte[] Totp);

    /// <summary>A database and a data directory of their own: the key of the host is everybody's.</summary>
    private sealed class Site(WebApplication app, NpgsqlConnectionStringBuilder database, string home) : IAsyncDisposable
    {
        private const string Password = "Plover-Quartz-73-Umbra";
        private string? hash;

        public IServiceProvider Services => app.Services;

        public LocalKms Kms => The<LocalKms>();

        public Microsoft.Extensions.Time.Testing.FakeTimeProvider Clock => (Microsoft.Extensions.Time.Testing.FakeTimeProvider)The<TimeProvider>();

        public T The<T>() where T : notnull => app.Services.GetRequiredService<T>();

        public static async Task<Site> MakeAsync()
        {
            var shared = new NpgsqlConnectionStringBuilder(await TestDatabase.ConnectionAsync());
            var database = new NpgsqlConnectionStringBuilder(shared.ConnectionString) { Database = $"chartroom_host_{Guid.CreateVersion7():N}" };
            await WholeServer.RunAsync(shared.ConnectionString, $"create database {database.Database}");
            var home = Directory.CreateTempSubdirectory("chartroom-host-").FullName;
            // The login is the whole server's, so its password is the one that the other tests have.
            var secrets = new PlatformOptions { DataDirectory = home }.SecretsDirectory;
            SecretFiles.EnsureDirectory(secrets);
            foreach (var file in Directory.GetFiles(new PlatformOptions { DataDirectory = TestDatabase.DataDirectory }.SecretsDirectory).Where(it => !it.Contains("kms", StringComparison.Ordinal)))
                File.Copy(file, Path.Combine(secrets, Path.GetFileName(file)));
            var app = Shell.Host.Build([.. TestDatabase.Settings(database.ConnectionString), $"--Chartroom:DataDirectory={home}", $"--Keys:TombstoneFile={home}/tombstones"], builder =>
            {
                builder.WebHost.UseTestServer();
                builder.Services.AddSingleton<TimeProvider>(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.Parse("2026-03-02T14:00:00Z", System.Globalization.CultureInfo.InvariantCulture)));
            });
            await WholeServer.MigrateAsync(app);
            var site = new Site(app, database, home);
            await Chartroom.Shell.ScratchClinic.OpenAsync(app.Services, "host", "Host", default);
            return site;
        }

        /// <summary>People with an authenticator, and recovery codes they have yet to read.</summary>
        public async Task<List<Member>> EnterAsync(int count)
        {
            if (hash is null && Chartroom.Platform.Identity.Password.TryTake(Password, out var password)) hash = await The<PasswordHasher>().HashAsync(password, default);
            var people = new List<Member>();
            for (var number = 0; number < count; number++)
            {
                var (id, email) = (Guid.CreateVersion7(), $"p{Guid.CreateVersion7():N}@lakeside.example");
                await WholeServer.RunAsync(database.ConnectionString, $"insert into platform.person (id, email, name, email_verified_at) values ('{id}', '{email}', 'Test Person', now())");
                await using (var tx = await The<PlatformDb>().BeginAsync(Origin.Job("page"), default))
                {
                    await The<Credentials>().CreateAsync(tx, new(id), hash!, default);
                    tx.Audit(new("password.changed", "person", id), new(id));
                    await tx.CommitAsync(default);
                }
                await WholeServer.RunAsync(database.ConnectionString, $"update platform.credential set totp_confirmed_at = now() where person_id = '{id}'");
                people.Add(new(id, email, The<CodeCheck>().Open(await OneAsync<byte[]>($"select totp_secret from platform.credential where person_id = '{id}'"), new(id))));
            }
            return people;
        }

        public async Task OfferAsync(Member person) =>
            await The<ReplaceAuthenticatorHandler>().OfferAsync(new() { PersonId = new(person.Id), Email = person.Email }, Origin.Job("page"), default);

        public async Task<bool> SignsInAsync(Member person)
        {
            Clock.Advance(TimeSpan.FromSeconds(60));
            var origin = Origin.Job("page");
            var started = await The<SignInHandler>().HandleAsync(new(person.Email, Password), origin, default);
            var who = new SignedIn { SessionId = started.Value.Id, PersonId = new(person.Id), Email = person.Email, Stage = "code" };
            return (await The<GiveCodeHandler>().HandleAsync(new(Totp.CodeOf(person.Totp, Totp.StepAt(Clock.GetUtcNow()))), who, origin, default)).IsOk;
        }

        /// <summary>A verb of the program in a process of its own.</summary>
        public async Task<(int Code, string Said)> VerbAsync(params string[] words)
        {
            using var program = Bench.ProgramProcess.Start(Services, words);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            return await program.EndAsync(patience.Token);
        }

        public void LetTenMinutesPass()
        {
            var file = Path.Combine(home, "secrets", "kms.json");
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - TimeSpan.FromMinutes(11));
        }

        /// <summary>Half of the secrets back under the first version, as a kill in their midst leaves them.</summary>
        public async Task SpoilAsync()
        {
            var kms = The<LocalKms>();
            var old = kms.Versions[0];
            var file = Path.Combine(home, "secrets", "kms.json");
            var text = await File.ReadAllTextAsync(file);
            var stale = Directory.CreateTempSubdirectory("chartroom-stale-").FullName;
            var secrets = new PlatformOptions { DataDirectory = stale }.SecretsDirectory;
            SecretFiles.EnsureDirectory(secrets);
            File.Copy(file, Path.Combine(secrets, "kms.json"));
            await File.WriteAllTextAsync(Path.Combine(secrets, "kms.json"), text.Replace("\"current\":2", $"\"current\":{old}", StringComparison.Ordinal));
            var sealer = new PlatformSecrets(new LocalKms(new() { DataDirectory = stale }));
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            var ids = await OneAsync<Guid[]>("select array_agg(person_id) from (select person_id from platform.credential order by person_id limit 150) as half");
            foreach (var id in ids)
            {
                var envelope = await OneAsync<byte[]>($"select totp_secret from platform.credential where person_id = '{id}'");
                await using var update = new NpgsqlCommand("update platform.credential set totp_secret = $1 where person_id = $2", connection)
                {
                    Parameters = { new() { Value = sealer.Seal(The<PlatformSecrets>().Open(envelope, "person.totp", id), "person.totp", id) }, new() { Value = id } },
                };
                await update.ExecuteNonQueryAsync();
            }
        }

        /// <summary>What the envelopes say themselves.</summary>
        public async Task<Dictionary<int, int>> VersionsAsync() => Counted(await EnvelopesAsync("true"));

        public async Task<IEnumerable<int>> VersionsOfAsync(Member person) =>
            (await OneAsync<byte[][]>($"select array[totp_secret, unread_codes] from platform.credential where person_id = '{person.Id}'")).Select(VersionOf);

        /// <summary>All accounts' secrets as they open, in order.</summary>
        public async Task<List<string>> SecretsAsync()
        {
            var secrets = new List<string>();
            foreach (var (use, column) in new[] { ("person.totp", "totp_secret"), ("person.totp", "totp_next"), ("person.recovery-codes", "unread_codes") })
            {
                var ids = await OneAsync<Guid[]>($"select array_agg(person_id order by person_id) from platform.credential where {column} is not null");
                foreach (var id in ids)
                    secrets.Add($"{column} {Convert.ToHexString(The<PlatformSecrets>().Open(await OneAsync<byte[]>($"select {column} from platform.credential where person_id = '{id}'"), use, id))}");
            }
            return secrets;
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            await WholeServer.RunAsync(await TestDatabase.ConnectionAsync(), $"drop database {database.Database} with (force)");
        }

        private async Task<byte[][]> EnvelopesAsync(string condition)
        {
            var schema = await OneAsync<string>("select nspname::text from pg_namespace where nspname like 'tenant\\_%'");
            return await OneAsync<byte[][]>($"""
                select array_agg(envelope) from (
                    select unnest(array[totp_secret, totp_next, unread_codes]) as envelope from platform.credential where {condition}
                    union all select wrapped from {schema}.clinic_key) as secret
                where envelope is not null
                """);
        }

        private static Dictionary<int, int> Counted(byte[][] envelopes) => envelopes.GroupBy(VersionOf).ToDictionary(it => it.Key, it => it.Count());

        private static int VersionOf(byte[] envelope) => BinaryPrimitives.ReadInt32BigEndian(envelope.AsSpan(1));

        private async Task<T> OneAsync<T>(string sql)
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return (T)(await command.ExecuteScalarAsync())!;
        }
    }
}
