using System.CommandLine;
using System.Diagnostics;
using Chartroom.Platform.Vault;

namespace Chartroom.Keys;

/// <summary><c>keys rotate-host [--prepare | --destroy-old]</c>.</summary>
internal static class HostKeyVerb
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMilliseconds(100);

    /// <param name="program">The program without background work.</param>
    public static Command Make(Func<WebApplication> program)
    {
        var prepare = new Option<bool>("--prepare") { Description = "Only add the new version to secrets/kms.json, to be copied to every node before it is used." };
        var destroy = new Option<bool>("--destroy-old") { Description = "Destroy the older versions once nothing is under them. Backups made before are then unreadable." };
        var verb = new Command("rotate-host", "Give the host a new key while the program works: clinics' keys and accounts' secrets go under it. Goes on with what was begun.") { prepare, destroy };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            if (app.Services.GetRequiredService<IKms>() is not LocalKms)
            {
                await Console.Error.WriteLineAsync("The keys are wrapped by AWS KMS, which rotates its own: turn that on there.");
                return 2;
            }
            var rotation = app.Services.GetRequiredService<HostKeyRotation>();
            if (parsed.GetValue(destroy)) return await DestroyOldAsync(rotation, ct);
            if (!parsed.GetValue(prepare)) return await RotateAsync(rotation, ct);
            await Console.Out.WriteLineAsync($"Version {rotation.Prepare()} waits in secrets/kms.json. Copy the file to every node, then run this again without --prepare.");
            return 0;
        });
        return verb;
    }

    private static async Task<int> RotateAsync(HostKeyRotation rotation, CancellationToken ct)
    {
        var isNew = await rotation.BeginAsync(ct);
        await Console.Out.WriteLineAsync(isNew ? $"Rotating to version {rotation.CurrentVersion}." : $"A rotation to version {rotation.CurrentVersion} was begun before; going on with it.");
        var (said, since) = ("", Stopwatch.StartNew());
        await SayAsync();
        await rotation.RunAsync(async () =>
        {
            if (since.Elapsed > BetweenLines) await SayAsync();
        }, ct);
        await SayAsync();
        await Console.Out.WriteLineAsync("Finished: nothing is left under an older key of the host. Back up secrets/kms.json now, and copy it to every node. The older versions stay in it until "
            + "--destroy-old, after ten minutes; a backup of the database from before needs them.");
        return 0;

        async Task SayAsync()
        {
            var line = string.Join(", ", (await rotation.LeftAsync(ct)).Select(it => $"{it.What}: {it.Count} left"));
            if (line != said) await Console.Out.WriteLineAsync(line);
            said = line;
            since.Restart();
        }
    }

    private static async Task<int> DestroyOldAsync(HostKeyRotation rotation, CancellationToken ct)
    {
        if (await rotation.DestroyOldAsync(ct))
        {
            await Console.Out.WriteLineAsync($"Version {rotation.CurrentVersion} is the only one. Backups of the database from before the rotation are unreadable, unless a copy of the old kms.json is kept.");
            return 0;
        }
        await Console.Error.WriteLineAsync("Nothing was destroyed: something is still under an older version, a newer one waits to be used, or the last change of secrets/kms.json is less than ten minutes old. "
            + "Run keys rotate-host, then this again.");
        return 1;
    }
}
