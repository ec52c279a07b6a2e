using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Shell;

namespace Chartroom.Bench;

/// <summary>What <c>bench rotate</c> is to do.</summary>
/// <param name="Cells">Sealed values that there are to be.</param>
/// <param name="Desks">People at work meanwhile.</param>
/// <param name="Kills">How often the rotating process is killed.</param>
internal sealed record RotateSettings(long Cells, int Desks, int Kills);

/// <summary>How it went.</summary>
internal sealed record RotateOutcome(int Kills, long Cells, (long Reads, long Writes, long Failures) Acts, Leftovers Left)
{
    /// <summary>Nothing failed and nothing is left under an old key.</summary>
    public bool IsClean => Acts.Failures == 0 && Left is { Cells: 0, Keys: 0 };
}

/// <summary>
/// <c>bench rotate</c>: gives a scratch clinic new keys, patients' too, while eight people work in it on two nodes; the rotation is a process of its own that is killed at points
/// spread over all its phases and started again. Beside it stands what a plain <c>update</c> of the same rows takes.
/// </summary>
internal sealed class RotateBench(IServiceProvider services, string slug, TextWriter report)
{
    private static readonly string[] Phases = ["asked", "rewrap", "renew", "await_knowing", "take_over", "await_writers", "reencrypt", "await_readers", "destroy", "await_nodes"];
    private readonly Random dice = new(20261122);
    private string lastLine = "";

    public static Command Make(Func<WebApplication> program)
    {
        var cells = new Option<long>("--cells") { Description = "Sealed values in the scratch clinic.", DefaultValueFactory = _ => 1_000_000 };
        var desks = new Option<int>("--desks") { Description = "People at work meanwhile.", DefaultValueFactory = _ => 8 };
        var kills = new Option<int>("--kills") { Description = "How often the rotating process is killed.", DefaultValueFactory = _ => 50 };
        var verb = new Command("rotate", "Rotate the keys of a scratch clinic, which stays, while people work in it and the rotating process is killed.") { cells, desks, kills };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            var outcome = await new RotateBench(app.Services, "bench-rotate", Console.Out).RunAsync(new(parsed.GetValue(cells), parsed.GetValue(desks), parsed.GetValue(kills)), ct);
            return outcome.IsClean ? 0 : 1;
        });
        return verb;
    }

    public async Task<RotateOutcome> RunAsync(RotateSettings settings, CancellationToken ct)
    {
        var clinic = await ScratchClinic.OpenAsync(services, slug, "Rotation bench", ct);
        using var one = new KeyRing(services.GetRequiredService<IKms>(), TimeProvider.System);
        using var other = new KeyRing(services.GetRequiredService<IKms>(), TimeProvider.System);
        RotateClinic[] nodes = [Node(clinic, one), Node(clinic, other)];
        await FinishAsync(clinic, one, ct);   // of a run that was given up
        await nodes[0].FillAsync(settings.Cells, ct);
        var before = await TimeAsync(() => nodes[0].ReadAllAsync(ct));
        await SayAsync($"{before.Answer} sealed values read in {before.Seconds:0.0} s");
        var plain = await TimeAsync(() => UpdateAllAsync(nodes[0], ct));
        await SayAsync($"plain update of the same rows            {plain.Seconds,8:0.0} s, {before.Answer / plain.Seconds,8:0} rows/s");

        var desks = new RotateDesks(nodes, await nodes[0].PatientsAsync(ct));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var work = desks.WorkAsync(settings.Desks, over.Token);
        var rotated = await TimeAsync(() => RotateAsync(desks, settings.Kills, ct));
        await over.CancelAsync();
        await work;
        await FinishAsync(clinic, one, ct);
        var outcome = new RotateOutcome(rotated.Answer, await Node(clinic, other).ReadAllAsync(ct), desks.Acts, await nodes[0].LeftoversAsync(ct));
        await SayAsync($"rotated beside {settings.Desks} at work, {rotated.Answer} kills  {rotated.Seconds,8:0.0} s, {outcome.Cells / rotated.Seconds,8:0} values/s, {rotated.Seconds / plain.Seconds:0.0} x the plain update");
        await SayAsync($"{outcome.Acts.Reads} charts read, {outcome.Acts.Writes} acts wrote, {outcome.Acts.Failures} failed; all {outcome.Cells} values read again; {outcome.Left.Cells} under an old key, {outcome.Left.Keys} old keys left");
        if (desks.FirstFailure is { } words) await SayAsync($"first failure: {words}");
        return outcome;
    }

    private RotateClinic Node(ClinicId clinic, KeyRing ring) => new(new TenantDb(services.GetRequiredService<DatabaseLogins>(), ring, services.GetRequiredService<OutboxBell>(),
        services.GetRequiredService<AuditStamp>(), TimeProvider.System), Actor.OfSystem(clinic, "cli"));

    /// <summary>Starts the rotating process again and again, kills it at the planned points, and lets the last one come to its end. Answers the number of kills.</summary>
    private async Task<int> RotateAsync(RotateDesks desks, int kills, CancellationToken ct)
    {
        var (done, watch) = (0, Stopwatch.StartNew());
        while (!lastLine.StartsWith("await_nodes", StringComparison.Ordinal))
        {
            using var program = ProgramProcess.Start(services, "keys", "rotate", "--clinic", slug, "--patients");
            var due = done < kills ? (done + dice.NextDouble()) / kills : double.MaxValue;
            while (await program.LineAsync(ct) is { } line)
            {
                if (Parse(line) is not { } progress) continue;
                lastLine = line;
                if (watch.Elapsed > TimeSpan.FromSeconds(5))
                {
                    await SayAsync($"  {line}; {done} kills, {desks.Acts.Reads} reads, {desks.Acts.Writes} writes, {desks.Acts.Failures} failed");
                    watch.Restart();
                }
                if (progress < due) continue;
                await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(60)), TimeProvider.System, ct);   // anywhere within a step
                await program.KillAsync(ct);
                done++;
                break;
            }
        }
        return done;
    }

    /// <summary>How far the whole is: each phase before and after the sealing counts as little, the sealing itself as most. Null for other lines.</summary>
    private static double? Parse(string line)
    {
        var phase = Array.FindIndex(Phases, name => line.StartsWith(name + ":", StringComparison.Ordinal));
        if (phase < 0 || line.Split(' ') is not [_, var done, "of", var all, ..]) return null;
        var share = double.Parse(done, CultureInfo.InvariantCulture) / Math.Max(1, double.Parse(all, CultureInfo.InvariantCulture));
        return Phases[phase] switch { "asked" or "rewrap" => 0.1 * share, "renew" => 0.1 + (0.05 * share), "await_knowing" => 0.15, "take_over" => 0.15 + (0.05 * share), "await_writers" => 0.2, "reencrypt" => 0.2 + (0.6 * share), "await_readers" => 0.8, "destroy" => 0.8 + (0.2 * share), _ => 1 };
    }

    /// <summary>The ten minutes that an old version is kept for nodes that may hold it are not waited for: those nodes have ended or been told.</summary>
    private async Task FinishAsync(ClinicId clinic, KeyRing ring, CancellationToken ct)
    {
        var db = new TenantDb(services.GetRequiredService<DatabaseLogins>(), ring, services.GetRequiredService<OutboxBell>(), services.GetRequiredService<AuditStamp>(), TimeProvider.System);
        var rotation = new KeyRotation(db, ring, services.GetRequiredService<DatabaseLogins>(), services.GetServices<SealedColumn>(), new Later());
        while (await rotation.RunAsync(clinic, () => Task.CompletedTask, ct) != RotationStep.None) { }
    }

    private static async Task<long> UpdateAllAsync(RotateClinic node, CancellationToken ct)
    {
        await node.UpdateAllAsync(ct);
        return 0;
    }

    private static async Task<(T Answer, double Seconds)> TimeAsync<T>(Func<Task<T>> act)
    {
        var watch = Stopwatch.StartNew();
        return (await act(), watch.Elapsed.TotalSeconds);
    }

    private Task SayAsync(FormattableString text) => report.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromMinutes(11);
    }
}
