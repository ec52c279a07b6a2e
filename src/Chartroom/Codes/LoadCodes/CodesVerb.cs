using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Chartroom.Codes;

/// <summary><c>codes load FILE</c>: the table that CMS publishes every year; it is in the public domain and does not come with the program.</summary>
internal static partial class CodesVerb
{
    /// <param name="build">Puts the program together without workers.</param>
    public static Command Make(Func<WebApplication> build)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "icd10cm-order-YYYY.txt of \"Code Descriptions in Tabular Order\" at cms.gov." };
        var edition = new Option<string?>("--edition") { Description = "What to call it; the year in the file's name when left out." };
        var load = new Command("load", "Load ICD-10-CM for the search of diagnoses, in the place of the edition before.") { file, edition };
        load.SetAction(async (parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!path.Exists)
            {
                await Console.Error.WriteLineAsync($"Stopped: there is no file {path.FullName}.");
                return 1;
            }
            await using var app = build();
            var name = parsed.GetValue(edition) ?? (Year().Match(path.Name) is { Success: true } year ? year.Value : path.LastWriteTimeUtc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            var loaded = await app.Services.GetRequiredService<LoadCodesHandler>().HandleAsync(await File.ReadAllBytesAsync(path.FullName, ct), name, ct);
            if (!loaded.IsOk)
            {
                await Console.Error.WriteLineAsync($"Stopped: {loaded.Refusal.Title} {string.Join(' ', loaded.Refusal.Errors.Values)}");
                return 1;
            }
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"ICD-10-CM {loaded.Value.Edition}: {loaded.Value.Codes} codes and headings, {loaded.Value.Billable} of them billable. sha256 {loaded.Value.Sha256}"));
            return 0;
        });
        return new Command("codes", "Code sets that are not part of the program.") { load };
    }

    [GeneratedRegex("20[0-9]{2}")]
    private static partial Regex Year();
}
