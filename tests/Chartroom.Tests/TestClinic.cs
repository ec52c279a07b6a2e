using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using Chartroom.Platform.Database;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Chartroom;

/// <summary>A clinic of its own for one test: real database, real pipeline, a clock the test moves, people of every role signed in.</summary>
public sealed class TestClinic : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentBag<(WebApplication App, FakeTimeProvider Clock)>? home;
    private readonly TestPlace place;
    private readonly TestLane? lane;
    private readonly Dictionary<ClinicRole, (PersonId Person, string Token)> people = [];

    private TestClinic((WebApplication App, FakeTimeProvider Clock) host, ConcurrentBag<(WebApplication App, FakeTimeProvider Clock)>? home, TestPlace place, TestLane? lane, ClinicId id) =>
        (app, Clock, this.home, this.place, this.lane, Id) = (host.App, host.Clock, home, place, lane, id);

    /// <summary>The clinic.</summary>
    public ClinicId Id { get; }

    /// <summary>The clock of the whole program in this test.</summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>The program's services.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Mail that left, in order.</summary>
    public MailSink Mail => app.Services.GetRequiredService<MailSink>();

    /// <summary>Where a browser finds it; only with <c>isOnTheNet</c>.</summary>
    public string Address => app.Urls.Single();

    /// <summary>Administrator's connection string of the database it lies in.</summary>
    internal string Connection => place.Connection;

    /// <summary>Directory of keys and secrets of the programs on that database.</summary>
    internal string DataDirectory => place.Directory;

    /// <summary>Name of the clinic's schema.</summary>
    public string Schema => ClinicNames.Schema(Id);

    /// <param name="now">UTC instant at which the test begins.</param>
    /// <param name="zone">IANA zone of the clinic.</param>
    /// <param name="isAgreementSigned">False for a clinic whose business associate agreement is not signed.</param>
    /// <param name="isOnTheNet">True to listen on a port of this machine, for a browser.</param>
    /// <param name="kms">A key-management service other than the local key file.</param>
    /// <param name="settings">Further configuration, such as <c>--RateLimits:Work=10</c>.</param>
    public static async Task<TestClinic> OpenAsync(string now = "2026-03-02T14:00:00Z", string zone = "America/New_York", bool isAgreementSigned = true, bool isOnTheNet = false,
        IKms? kms = null, params string[] settings)
    {
        var lane = TestLane.Current;
        var place = await TestPlaces.EnterAsync(lane);
        var start = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);
        // Starting a program costs a part of a second of a processor. It keeps nothing between requests that is not a clinic's, so that the next test that asks for the same settings
        // takes it over with a clinic of its own. Those with limits of their own are not handed on, for a node remembers whom it shut out.
        var home = kms is not null || settings.Any(it => it.StartsWith("--RateLimits:", StringComparison.Ordinal)) ? null : place.Idle.GetOrAdd($"{isOnTheNet} {string.Join(' ', settings)}", _ => []);
        if (home is null || !home.TryTake(out var host)) host = await StartAsync(new(start), place, isOnTheNet, kms, settings);
        host.Clock.AdjustTime(start);
        host.App.Services.GetRequiredService<MailSink>().Forget();
        // One that was provisioned before has its keys from the local key file.
        var id = default(ClinicId);
        var isReady = kms is null && !settings.Any(it => it.StartsWith("--Kms", StringComparison.Ordinal)) && place.Ready.TryDequeue(out id);
        var clinic = new TestClinic(host, home, place, lane, isReady ? id : ClinicId.New());
        await clinic.MakeAsync(zone, isAgreementSigned, isReady);
        return clinic;
    }

    /// <summary>Another node of the same installation, with the same people and clock: news reach it by the database only.</summary>
    public async Task<TestClinic> AnotherNodeAsync()
    {
        var node = new TestClinic(await StartAsync(Clock, place, isOnTheNet: false, kms: null, []), home: null, place, lane: null, Id);
        foreach (var (role, person) in people) node.people[role] = person;
        return node;
    }

    /// <summary>A client signed in with both factors as that role; API calls and pages alike. Does not follow redirects.</summary>
    public HttpClient As(ClinicRole role)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", people[role].Token);
        return client;
    }

    /// <summary>A client that is nobody.</summary>
    public HttpClient Anonymous() => app.Services.GetRequiredService<IServer>() is TestServer server
        ? new(server.CreateHandler()) { BaseAddress = new("http://localhost") }
        : new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new(Address) };

    /// <summary>The session token of that role, for a browser's cookie.</summary>
    public string TokenOf(ClinicRole role) => people[role].Token;

    /// <summary>The actor of that role, for calling a handler as a job would.</summary>
    public Actor Actor(ClinicRole role) =>
        role == ClinicRole.System ? Chartroom.Actor.OfSystem(Id) : new(Id, people[role].Person, role, Origin.Job("api"));

    /// <summary>A service of the program.</summary>
    public T The<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Rows as the superuser sees them, in the clinic's schema: for looking at what is really there.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, object? arguments = null)
    {
        await using var connection = new NpgsqlConnection(place.Connection);
        await connection.OpenAsync();
        await using var pipe = new SqlPipe(connection).AcceptAnyTextUnsafe();
        pipe.Queue($"set search_path = {Schema}, platform, public");
        return await pipe.QueryAsync<T>(sql, arguments, CancellationToken.None);
    }

    /// <summary>Runs statements as the superuser in one session, as somebody who owns the database server could.</summary>
    internal async Task RunAsync(IEnumerable<string> statements, object? arguments = null)
    {
        await using var connection = new NpgsqlConnection(place.Connection);
        await connection.OpenAsync();
        await using var pipe = new SqlPipe(connection).AcceptAnyTextUnsafe();
        foreach (var statement in statements.Where(statement => !string.IsNullOrWhiteSpace(statement))) await pipe.ExecuteAsync(statement, arguments, CancellationToken.None);
    }

    /// <summary>The one value of a query as the superuser.</summary>
    public async Task<T> OneAsync<T>(string sql, object? arguments = null) => Assert.Single(await RowsAsync<T>(sql, arguments));

    /// <summary>Runs a statement as a role of the database, raw, as an attacker with the application's login could.</summary>
    public async Task<List<T>> RawAsync<T>(ClinicRole role, string sql)
    {
        await using var pipe = (await The<DatabaseLogins>().OpenAsync(CancellationToken.None)).AcceptAnyTextUnsafe();
        pipe.Queue("begin");
        pipe.Queue($"set local role {ClinicNames.Role(Id, role)}");
        pipe.Queue($"set local search_path = {Schema}, pg_temp");
        return await pipe.QueryAsync<T>(sql, null, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (home is not null)
        {
            home.Add((app, Clock));
        }
        else
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        if (lane is not null) await TestPlaces.LeaveAsync(lane, place);
    }

    private static async Task<(WebApplication App, FakeTimeProvider Clock)> StartAsync(FakeTimeProvider clock, TestPlace place, bool isOnTheNet, IKms? kms, string[] settings)
    {
        var app = Host.Build([.. TestDatabase.Settings(place.Connection, place.Directory), .. settings], builder =>
        {
            if (isOnTheNet) builder.WebHost.UseUrls("http://127.0.0.1:0");
            else builder.WebHost.UseTestServer();
            if (kms is not null) builder.Services.AddSingleton(kms);
            builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<MailSink>().AddSingleton<IMailTransport>(provider => provider.GetRequiredService<MailSink>());
        });
        await app.StartAsync();
        return (app, clock);
    }

    private async Task MakeAsync(string zone, bool isAgreementSigned, bool isReady)
    {
        await using var connection = new NpgsqlConnection(place.Connection);
        await connection.OpenAsync();
        await using var pipe = new SqlPipe(connection).AcceptAnyTextUnsafe();
        pipe.Queue("""
            insert into platform.clinic (id, slug, name, time_zone, state, baa_signed_at)
            values (@id, @slug, 'Test Clinic', @zone, 'provisioning', case when @isAgreementSigned then now() end)
            on conflict on constraint clinic_pkey do update set time_zone = excluded.time_zone, baa_signed_at = excluded.baa_signed_at
            """, new { Id, slug = $"t-{Id.Value:N}", zone, isAgreementSigned });
        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk }) AddPerson(pipe, role);
        await pipe.FlushAsync(CancellationToken.None);
        if (!isReady) await The<ClinicProvisioner>().ProvisionAsync(Id, CancellationToken.None);
        pipe.Queue($"set search_path = {Schema}, public");
        foreach (var (role, (person, _)) in people)   // as the mirror would, without its audit events
            pipe.Queue("insert into staff (id, display_name, role, has_account) values (@person, @name, @role, true)", new { person, name = $"Test {role}", role });
        await pipe.FlushAsync(CancellationToken.None);
    }

    private void AddPerson(SqlPipe pipe, ClinicRole role)
    {
        var (person, token) = (PersonId.New(), $"test-{Guid.CreateVersion7():N}");
        people[role] = (person, token);
        var now = Clock.GetUtcNow();
        pipe.Queue("insert into platform.person (id, email, name, email_verified_at) values (@person, @email, @name, now())",
            new { person, email = $"{person.Value:N}@test.example", name = $"Test {role}" });
        pipe.Queue("insert into platform.membership (clinic_id, person_id, role, mirrored_at) values (@Id, @person, @role, now())", new { Id, person, role });
        pipe.Queue("""
            insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, created_at, last_seen_at, expires_at, proved_at)
            values (@id, @hash, @person, @clinic, true, @now, @now, @until, @now)
            """, new { id = Guid.CreateVersion7(), hash = SessionGate.HashOf(token), person, clinic = Id, now, until = now.AddHours(8) });
    }
}

/// <summary>Stands in for the outside: keeps what the outbox hands over, or fails as told.</summary>
public sealed class MailSink : IMailTransport
{
    private readonly List<OutboxMessage> sent = [];

    /// <summary>Thrown at the next sends, when set.</summary>
    public Exception? Fails { get; set; }

    /// <summary>Where mail goes on to, when set: a server on this machine.</summary>
    public IMailTransport? Through { get; set; }

    /// <summary>What was accepted.</summary>
    public IReadOnlyList<OutboxMessage> Sent => sent;

    /// <summary>As a new one.</summary>
    public void Forget()
    {
        sent.Clear();
        Fails = null;
        Through = null;
    }

    /// <inheritdoc/>
    public Task SendAsync(Guid id, OutboxMessage message, CancellationToken ct)
    {
        if (Fails is not null) throw Fails;
        sent.Add(message);
        return Through?.SendAsync(id, message, ct) ?? Task.CompletedTask;
    }
}
