using System.Diagnostics;
using Chartroom.Bench;
using Chartroom.Platform.Audit;

namespace Chartroom.AuditLog;

/// <summary>The two programs as an operator and an auditor run them: the verb beside the database, and the separate verifier with nothing but files.</summary>
public sealed class AuditVerbsTests
{
    [Fact]
    public async Task AUD_3_Verb_and_separate_verifier_end_with_0_on_an_untouched_log_and_with_1_and_every_row_on_a_changed_one()
    {
        await using var log = await TamperedLog.MakeAsync(120);
        var folder = Directory.CreateTempSubdirectory("chartroom-verify-");
        string[] clinic = ["--clinic", $"t-{log.Clinic.Id.Value:N}"];
        var (before, after) = (Path.Combine(folder.FullName, "before"), Path.Combine(folder.FullName, "after"));
        async Task<(int Code, string Said)> VerbAsync(params string[] words)
        {
            using var program = ProgramProcess.Start(log.Clinic.Services, ["audit", .. words]);
            return await program.EndAsync(default);
        }
        var keys = (await VerbAsync("keys")).Said.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length == 2).ToDictionary(line => line[0],
            line => line[1]);
        // What an auditor has: an export, the public keys written down before, and the witness's file.
        Task<(int Code, string Said)> VerifierAsync(string export, string? logKey = null) =>
            SeparateAsync(export, "--key", logKey ?? keys["log"], "--witness", ((FileWitness)log.Clinic.The<IWitness>()).PathOf(log.Origin), "--witness-key", keys["witness"], "--all");

        var untouched = await VerbAsync(["verify", .. clinic]);
        Assert.True((untouched.Code, untouched.Said.TrimEnd().EndsWith("\nIntact.", StringComparison.Ordinal)) == (0, true), untouched.Said);
        Assert.Equal(0, (await VerbAsync(["export", .. clinic, "--to", before])).Code);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(before));
        var apart = await VerifierAsync(before);
        Assert.True((apart.Code, apart.Said.TrimEnd().EndsWith("\nIntact.", StringComparison.Ordinal)) == (0, true), apart.Said);

        var touched = await TamperedLog.Classes["edit"](log);
        var found = await VerbAsync(["verify", .. clinic, "--all"]);
        Assert.Equal(0, (await VerbAsync(["export", .. clinic, "--to", after])).Code);
        var alsoFound = await VerifierAsync(after);
        foreach (var (code, said) in new[] { found, alsoFound })
        {
            Assert.True(code == 1 && said.Contains("NOT INTACT", StringComparison.Ordinal), said);
            Assert.True(touched.Rows.TrueForAll(row => said.Contains($"row {row}", StringComparison.Ordinal)), said);
        }
        Assert.NotEmpty(touched.Rows);
        Assert.Equal(1, (await VerifierAsync(before, keys["witness"])).Code);   // a key that is not the log's vouches for nothing
        Assert.Equal(2, (await VerifierAsync(Path.Combine(folder.FullName, "no-such-file"))).Code);
        Assert.Equal(2, (await VerbAsync("verify", "--clinic", "no-such-clinic")).Code);
        folder.Delete(recursive: true);
    }

    private static async Task<(int Code, string Said)> SeparateAsync(params string[] words)
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);   // artifacts/bin/Chartroom.Tests/release
        using var program = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(place.Parent!.Parent!.FullName, "Chartroom.Verify", place.Name, "chartroom-verify.dll"), .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;   // started, or it throws
        var complaints = program.StandardError.ReadToEndAsync();
        var said = await program.StandardOutput.ReadToEndAsync() + await complaints;
        await program.WaitForExitAsync();
        return (program.ExitCode, said);
    }
}
