using System.CommandLine;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Exports;

/// <summary><c>export --clinic SLUG --to DIR</c>: everything of a clinic as files, made by the program itself as role system.</summary>
internal static class ExportVerb
{
    public static Command Make()
    {
        var clinic = new Option<string>("--clinic") { Description = "Short name of the clinic.", Required = true };
        var to = new Option<DirectoryInfo>("--to") { Description = "Directory for the files; made when missing. Files of the same name are replaced.", Required = true };
        var verb = new Command("export", "Write all of a clinic as CSV and JSON: patients, charts, visits, notes with drafts and decisions, audit log, the clinic's own tables.") { clinic, to };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = Shell.Host.Build([], _ => { });
            return await WriteAllAsync(app.Services, parsed.GetValue(clinic)!, parsed.GetValue(to)!, ct);   // both are required
        });
        return verb;
    }

    /// <summary>0 when all files are whole; 1 when there is no such clinic.</summary>
    internal static async Task<int> WriteAllAsync(IServiceProvider services, string slug, DirectoryInfo directory, CancellationToken ct)
    {
        if (await services.GetRequiredService<PlatformDb>().ClinicOfAsync(slug, ct) is not { } clinic)
        {
            await Console.Error.WriteLineAsync($"There is no clinic with the short name {slug}.");
            return 1;
        }
        if (!directory.Exists) Directory.CreateDirectory(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var book = services.GetRequiredService<ExportBook>();
        foreach (var subject in ExportSubject.All)
            foreach (var form in Enum.GetValues<ExportForm>())
            {
                var path = Path.Combine(directory.FullName, ExportsSetup.FileName(subject, form));
                await WriteAsync(book, subject, form, path, Actor.OfSystem(clinic, "cli"), ct);
                await Console.Out.WriteLineAsync(path);
            }
        return 0;
    }

    /// <summary>Only the program's user may read it, and it gets its name when it is whole.</summary>
    private static async Task WriteAsync(ExportBook book, ExportSubject subject, ExportForm form, string path, Actor actor, CancellationToken ct)
    {
        var part = path + ".part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await using (var file = new FileStream(part, options)) await book.WriteAsync(subject, new(file, form), new(), actor, ct);
        File.Move(part, path, overwrite: true);
    }
}
