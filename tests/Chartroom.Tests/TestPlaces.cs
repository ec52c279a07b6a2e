using System.Collections.Concurrent;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Chartroom.InLanes", "Chartroom.Tests")]

namespace Chartroom;

/// <summary>A database in which tests have their clinics, with the secrets and files of the programs on it.</summary>
internal sealed class TestPlace(string connection, string directory, IEnumerable<ClinicId> ready)
{
    /// <summary>Administrator's connection string.</summary>
    public string Connection { get; } = connection;

    /// <summary>Directory of keys and secrets.</summary>
    public string Directory { get; } = directory;

    /// <summary>Clinics that were provisioned before, for nobody yet.</summary>
    public ConcurrentQueue<ClinicId> Ready { get; } = new(ready);

    /// <summary>Programs that run on it and wait for a test, by their settings.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<(WebApplication App, FakeTimeProvider Clock)>> Idle { get; } = new(StringComparer.Ordinal);

    /// <summary>Clinics that tests hold.</summary>
    public int Open { get; set; }

    /// <summary>How many tests may still begin here.</summary>
    public int Left { get; set; }
}

/// <summary>
/// Making a clinic costs the database a third of a second, and more the more of them it has: its catalogue has a thousand rows for each. So a long run makes some clinics once, by the program's
/// own provisioning, in a database that is only copied: a copy has them all for the price of two. Each is given to one test, and a copy whose clinics were all used is dropped. The first tests
/// have theirs made on the spot, so that few tests begin at once. All that a test (a lane: the tests of one collection, one after the other) holds at a time lies in one database.
/// </summary>
internal static class TestPlaces
{
    private const int MadeOnTheSpot = 24;
    private const int InACopy = 48;
    private const string Model = "chartroom_model";

    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly Lazy<Task<(string Directory, List<ClinicId> Clinics)>> Modelled = new(MakeModelAsync);
    private static TestPlace? current;
    private static int copies;

    /// <summary>Where the lane's next clinic is: beside those it holds, or in the database that is being filled.</summary>
    public static async Task<TestPlace> EnterAsync(TestLane lane)
    {
        await Gate.WaitAsync();
        try
        {
            if (lane.Held == 0) lane.Place = await CurrentAsync();
            (lane.Held, lane.Place!.Open, lane.Place.Left) = (lane.Held + 1, lane.Place.Open + 1, lane.Place.Left - 1);
            return lane.Place;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>A clinic of the lane is given back; the last one of a used-up copy ends the copy.</summary>
    public static async Task LeaveAsync(TestLane lane, TestPlace place)
    {
        await Gate.WaitAsync();
        try
        {
            (lane.Held, place.Open) = (lane.Held - 1, place.Open - 1);
            if (place.Open > 0 || place.Left > 0 || place.Connection == await TestDatabase.ConnectionAsync()) return;
            if (current == place) current = null;
        }
        finally
        {
            Gate.Release();
        }
        await EndAsync(place);
    }

    private static async Task<TestPlace> CurrentAsync()
    {
        var first = await TestDatabase.ConnectionAsync();
        current ??= copies == 0 ? new(first, TestDatabase.DataDirectory, []) { Left = MadeOnTheSpot } : await CopyAsync(first);
        if (current.Left <= 0) current = await CopyAsync(first);
        return current;
    }

    private static async Task<TestPlace> CopyAsync(string first)
    {
        var (model, clinics) = await Modelled.Value;
        var name = $"chartroom_test_{++copies}";
        await RunAsync(first, $"drop database if exists {name} with (force)");   // of an earlier run on this server
        await RunAsync(first, $"create database {name} template {Model} strategy file_copy");
        // Rights on the database itself are not copied.
        await RunAsync(first, $"revoke all on database {name} from public; grant connect on database {name} to chartroom_app; grant create on database {name} to chartroom_owner");
        var directory = Path.Combine(TestDatabase.DataDirectory, name);
        foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(directory, Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Copy(file, copy);
        }
        return new(On(first, name), directory, clinics) { Left = InACopy };
    }

    private static async Task EndAsync(TestPlace place)
    {
        foreach (var (app, _) in place.Idle.Values.SelectMany(it => it))
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        await using (var pool = new NpgsqlConnection(place.Connection)) NpgsqlConnection.ClearPool(pool);
        await RunAsync(await TestDatabase.ConnectionAsync(), $"drop database {new NpgsqlConnectionStringBuilder(place.Connection).Database} with (force)");
    }

    private static async Task<(string Directory, List<ClinicId> Clinics)> MakeModelAsync()
    {
        var first = await TestDatabase.ConnectionAsync();
        await RunAsync(first, $"drop database if exists {Model} with (force)");
        await RunAsync(first, $"create database {Model}");
        // The login of the application is the whole server's, so its password is the same on all copies.
        var directory = Path.Combine(TestDatabase.DataDirectory, Model);
        SecretFiles.EnsureDirectory(directory);
        SecretFiles.EnsureDirectory(Path.Combine(directory, "secrets"));
        File.Copy(Path.Combine(TestDatabase.DataDirectory, "secrets", "app-login"), Path.Combine(directory, "secrets", "app-login"));
        var clinics = Enumerable.Range(0, InACopy).Select(_ => ClinicId.New()).ToList();
        await using var host = Host.Build(TestDatabase.Settings(On(first, Model), directory), builder => builder.WebHost.UseTestServer());
        await host.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        await RunAsync(On(first, Model), string.Join(";\n", clinics.Select(clinic =>
            $"insert into platform.clinic (id, slug, name, time_zone, state) values ('{clinic.Value}', 't-{clinic.Value:N}', 'Test Clinic', 'America/New_York', 'provisioning')")));
        await Parallel.ForEachAsync(clinics, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (clinic, ct) => await host.Services.GetRequiredService<ClinicProvisioner>().ProvisionAsync(clinic, ct));
        await using (var pool = new NpgsqlConnection(On(first, Model))) NpgsqlConnection.ClearPool(pool);
        return (directory, clinics);
    }

    private static string On(string connection, string database) => new NpgsqlConnectionStringBuilder(connection) { Database = database }.ConnectionString;

    private static async Task RunAsync(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>The tests of one collection: they run one after the other.</summary>
internal sealed class TestLane
{
    private static readonly AsyncLocal<TestLane?> Lane = new();
    private static readonly TestLane Nobodys = new();

    /// <summary>That of the test that asks.</summary>
    public static TestLane Current => Lane.Value ?? Nobodys;

    /// <summary>Where the clinics are that its tests hold.</summary>
    public TestPlace? Place { get; set; }

    /// <summary>How many those are.</summary>
    public int Held { get; set; }

    public static void Begin() => Lane.Value = new();
}

/// <summary>The framework, with a lane for each collection.</summary>
public sealed class InLanes(IMessageSink sink) : XunitTestFramework(sink)
{
    /// <inheritdoc/>
    protected override ITestFrameworkExecutor CreateExecutor(System.Reflection.AssemblyName assemblyName) => new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(System.Reflection.AssemblyName name, ISourceInformationProvider source, IMessageSink sink) : XunitTestFrameworkExecutor(name, source, sink)
    {
        protected override async void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using var runner = new Runner(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }
    }

    private sealed class Runner(ITestAssembly assembly, IEnumerable<IXunitTestCase> cases, IMessageSink diagnostics, IMessageSink execution, ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(assembly, cases, diagnostics, execution, options)
    {
        protected override Task<RunSummary> RunTestCollectionAsync(IMessageBus messageBus, ITestCollection testCollection, IEnumerable<IXunitTestCase> testCases, CancellationTokenSource cancellationTokenSource)
        {
            TestLane.Begin();
            return base.RunTestCollectionAsync(messageBus, testCollection, testCases, cancellationTokenSource);
        }
    }
}
