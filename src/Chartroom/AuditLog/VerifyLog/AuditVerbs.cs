using System.CommandLine;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Transparency;

namespace Chartroom.AuditLog;

/// <summary><c>audit verify</c>, <c>audit export</c>, <c>audit keys</c>: the log held against its keys and its witness.</summary>
internal static class AuditVerbs
{
    private static readonly Option<string?> Clinic = new("--clinic") { Description = "Short name of the clinic. Without it: the log of accounts and sessions." };

    /// <param name="program">The program without background work.</param>
    public static Command Make(Func<WebApplication> program) => new("audit", "Verify and export the tamper-evident audit log.") { Verify(program), Export(program), Keys(program) };

    private static Command Verify(Func<WebApplication> program)
    {
        var all = new Option<bool>("--all") { Description = "Show every finding." };
        var verb = new Command("verify", "Recompute a log from its rows and name whatever is wrong. Ends with 1 when anything is.") { Clinic, all };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            if (await FindAsync(app.Services, parsed.GetValue(Clinic), ct) is not { } log) return 2;
            await app.Services.GetRequiredService<Sealer>().SealAsync(log, ct);
            var verdict = await app.Services.GetRequiredService<SealedLogReader>().VerifyAsync(log, ct);
            await RecordAsync(app.Services, log, verdict.Findings.Count == 0 ? VerifyLogHandler.Intact : VerifyLogHandler.Altered, ct);
            foreach (var line in Report.Lines(verdict, parsed.GetValue(all))) await Console.Out.WriteLineAsync(line);
            return verdict.Findings.Count == 0 ? 0 : 1;
        });
        return verb;
    }

    private static Command Export(Func<WebApplication> program)
    {
        var to = new Option<FileInfo>("--to") { Description = "The file, one JSON object a line; replaced when it is there.", Required = true };
        var verb = new Command("export", "Write a log with its leaves and signed heads, for chartroom-verify.") { Clinic, to };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            if (await FindAsync(app.Services, parsed.GetValue(Clinic), ct) is not { } log) return 2;
            await RecordAsync(app.Services, log, "audit.exported", ct);
            await app.Services.GetRequiredService<Sealer>().SealAsync(log, ct);
            var path = parsed.GetValue(to)!.FullName;   // required
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            await using var file = new FileStream(path, options);
            var count = await LogRecord.WriteAsync(file, app.Services.GetRequiredService<SealedLogReader>().ReadAsync(log, ct), ct);
            await Console.Out.WriteLineAsync($"{path}: {count} lines");
            return 0;
        });
        return verb;
    }

    private static Command Keys(Func<WebApplication> program)
    {
        var verb = new Command("keys", "Print the public keys of the logs and of their witness, to be kept away from this host.");
        verb.SetAction(async (_, _) =>
        {
            await using var app = program();
            await Console.Out.WriteLineAsync($"log      {app.Services.GetRequiredService<AuditKeys>().Log.Verifier.Text}");
            await Console.Out.WriteLineAsync($"witness  {app.Services.GetRequiredService<IWitness>().Key.Text}");
            return 0;
        });
        return verb;
    }

    private static async Task<SealedLog?> FindAsync(IServiceProvider services, string? slug, CancellationToken ct)
    {
        var name = services.GetRequiredService<AuditSettings>().LogName;
        if (slug is null) return new(null, name);
        if (await services.GetRequiredService<PlatformDb>().ClinicOfAsync(slug, ct) is { } clinic) return new(clinic, name);
        await Console.Error.WriteLineAsync($"There is no clinic with the short name {slug}.");
        return null;
    }

    /// <summary>Reading a log whole is an event of it.</summary>
    private static async Task RecordAsync(IServiceProvider services, SealedLog log, string action, CancellationToken ct)
    {
        var access = new Access(action, "audit_event", Purpose: Purpose.Operations);
        if (log.Clinic is { } clinic)
        {
            await using var tx = await services.GetRequiredService<TenantDb>().BeginAsync(Actor.OfSystem(clinic, "cli"), Permission.SeeAudit, ct);
            tx.Audit(access);
            await tx.CommitAsync(ct);
        }
        else
        {
            await using var tx = await services.GetRequiredService<PlatformDb>().BeginAsync(Origin.Job("cli"), ct);
            tx.Audit(access, null);
            await tx.CommitAsync(ct);
        }
    }
}
