using System.CommandLine;
using System.Diagnostics;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Import;

/// <summary><c>chartroom import FILES --clinic SLUG</c>: takes files in as the program itself, one after another, and says what became of each.</summary>
internal static class ImportVerb
{
    public static Command Make(Func<WebApplication> host)
    {
        var files = new Argument<string[]>("files") { Description = "Files, or folders of them (*.json, *.xml, *.ccda, packed with gzip or not).", Arity = ArgumentArity.OneOrMore };
        var clinic = new Option<string>("--clinic") { Description = "The clinic's short name, as in its address.", Required = true };
        var verb = new Command("import", "Take in FHIR R4 bundles and clinical documents (C-CDA) of another system. A file is taken whole or not at all; again changes nothing.") { files, clinic };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = host();
            return await RunAsync(app.Services, parsed.GetValue(files) ?? [], parsed.GetValue(clinic) ?? "", ct);
        });
        return verb;
    }

    /// <summary>0 when all files were taken, 1 when one was refused, 2 when there is no such clinic or file.</summary>
    private static async Task<int> RunAsync(IServiceProvider services, string[] paths, string slug, CancellationToken ct)
    {
        if (await services.GetRequiredService<PlatformDb>().ClinicOfAsync(slug, ct) is not { } clinic)
        {
            await Console.Error.WriteLineAsync("There is no clinic of that short name.");
            return 2;
        }
        var files = paths.SelectMany(FilesAt).ToList();
        if (files.Find(file => !File.Exists(file)) is { } missing)
        {
            await Console.Error.WriteLineAsync($"There is no file {missing}");
            return 2;
        }
        var (watch, refused) = (Stopwatch.StartNew(), 0);
        foreach (var (number, file) in files.Index())
        {
            await using var stream = File.OpenRead(file);
            var outcome = await services.GetRequiredService<ImportFileHandler>().HandleAsync(stream, stream.Length, Actor.OfSystem(clinic, "cli"), ct);
            if (!outcome.IsOk) refused++;
            await Console.Out.WriteLineAsync($"{number + 1}/{files.Count} {Path.GetFileName(file)}: {(outcome.IsOk ? Words(outcome.Value) : Words(outcome.Refusal))}");
        }
        await Console.Out.WriteLineAsync($"{files.Count - refused} taken, {refused} refused, {watch.Elapsed.TotalSeconds:0.0} s");
        return refused == 0 ? 0 : 1;
    }

    private static IEnumerable<string> FilesAt(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path).Where(IsRecord).Order(StringComparer.Ordinal)
        : [path];

    private static bool IsRecord(string file) => Path.GetExtension(file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file).ToLowerInvariant() is ".json" or ".xml" or ".ccda" or ".cda" or ".ccd";

    private static string Words(ImportReport report) =>
        $"{report.Types.Sum(type => type.Added)} new, {report.Types.Sum(type => type.Changed)} changed, {report.Types.Sum(type => type.Unchanged + type.Kept)} as before; left out: "
        + string.Join(", ", report.Types.SelectMany(type => type.LeftOut.Select(left => $"{left.Count} {type.Type}")));

    private static string Words(Refusal refusal) =>
        $"refused ({refusal.Code}). {refusal.Title} {string.Join("; ", refusal.Errors.Select(error => $"{error.Key}: {error.Value}"))}";
}
