using System.CommandLine;
using System.Diagnostics;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Keys;

/// <summary><c>keys rotate --clinic SLUG [--patients]</c>.</summary>
internal static class KeysVerb
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMilliseconds(100);

    /// <param name="program">The program without background work.</param>
    public static Command Make(Func<WebApplication> program) => new("keys", "Keys of the clinics and of the host.") { Rotate(program), HostKeyVerb.Make(program) };

    private static Command Rotate(Func<WebApplication> program)
    {
        var clinic = new Option<string>("--clinic") { Description = "Short name of the clinic.", Required = true };
        var patients = new Option<bool>("--patients") { Description = "New keys for the patients too: all content is sealed anew." };
        var verb = new Command("rotate", "Give the clinic new keys while it works. Goes on with a rotation that was begun.") { clinic, patients };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            var slug = parsed.GetValue(clinic)!;   // required
            if (await app.Services.GetRequiredService<PlatformDb>().ClinicOfAsync(slug, ct) is not { } id)
            {
                await Console.Error.WriteLineAsync($"There is no clinic with the short name {slug}.");
                return 2;
            }
            return await RotateAsync(app.Services, id, parsed.GetValue(patients), ct);
        });
        return verb;
    }

    private static async Task<int> RotateAsync(IServiceProvider services, ClinicId clinic, bool withPatients, CancellationToken ct)
    {
        var (handler, actor) = (services.GetRequiredService<RotateKeysHandler>(), Actor.OfSystem(clinic, "cli"));
        var asked = await handler.HandleAsync(new(withPatients), actor, ct);
        await Console.Out.WriteLineAsync(asked.IsOk ? "Rotating." : "A rotation was begun before; going on with it.");
        var (said, since) = ("", Stopwatch.StartNew());
        var step = await services.GetRequiredService<KeyRotation>().RunAsync(clinic, async () =>
        {
            if (said.Length == 0 || since.Elapsed > BetweenLines) await SayAsync();
        }, ct);
        await SayAsync();
        await Console.Out.WriteLineAsync(step == RotationStep.None
            ? "Finished: nothing is left under an older key, and it is deleted."
            : "The old version stays until no node holds it: the running program deletes it, or this command once more after ten minutes.");
        return 0;

        async Task SayAsync()
        {
            var progress = await handler.ProgressAsync(actor, ct);
            var line = $"{progress.Phase}: {progress.Done} of {progress.Patients} patients";
            if (line != said) await Console.Out.WriteLineAsync(line);
            said = line;
            since.Restart();
        }
    }
}
