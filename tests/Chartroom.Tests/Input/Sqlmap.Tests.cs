using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Chartroom.Isolation;
using Chartroom.Rules;
using Xunit.Abstractions;

namespace Chartroom.Input;

/// <summary>Every operation of the API that takes anything, asked as somebody who may and about things that exist, so that what is tried comes as far as a statement. With CHARTROOM_SQLMAP=1 only: it takes minutes.</summary>
public sealed partial class SqlmapTests(ITestOutputHelper output)
{
    private sealed class SqlmapFactAttribute : FactAttribute
    {
        public SqlmapFactAttribute()
        {
            if (Environment.GetEnvironmentVariable("CHARTROOM_SQLMAP") != "1") Skip = "takes minutes and Debian's sqlmap: CHARTROOM_SQLMAP=1";
        }
    }

    [SqlmapFact]
    public async Task TEN_2_Sqlmap_finds_nothing_to_inject_into_at_any_operation()
    {
        await using var examples = await Examples.OpenAsync(isOnTheNet: true);
        foreach (var example in examples.All.Where(it => !it.Template.StartsWith("/api/v1/keys", StringComparison.Ordinal))) await examples.SendAsync(example, await example.MakeAsync());
        var folder = Directory.CreateTempSubdirectory("sqlmap-");
        var (written, reached) = (0, 0);
        void Write(string name, string request) => File.WriteAllText(Path.Combine(folder.FullName, $"{written++:0000}.http"), $"{name}\n{request}");
        foreach (var example in examples.All.Where(it => !EndsSessions(it.Template)).Concat(examples.All.Where(it => EndsSessions(it.Template))))
        {
            var asked = await example.MakeAsync();
            reached += example.IsTaken ? 1 : 0;
            var token = asked.Token is { } own ? own : example.Role is { } role ? Assert.Single(await Victim.SessionsAsync(examples.Clinic, role, 1)) : null;
            Write(example.Name, Raw(examples.Clinic, example.Method, Marked(asked.Path), token, asked.Version, asked.Body.ToJsonString()));
        }
        var ids = await TypedSweepTests.IdsAsync(examples.Clinic);
        foreach (var route in (await SweptRoute.AllAsync(examples.Clinic)).Where(it => it.IsApi && (it.IdsInPath > 0 || it.Query.Any()) && examples.All.All(example => example.Name != it.Name)).OrderBy(it => EndsSessions(it.Path)))
        {
            var role = new[] { ClinicRole.Provider, ClinicRole.Admin, ClinicRole.FrontDesk }.First(it => route.Asks is not { } asks || Rights.Allows(it, asks));
            var token = Assert.Single(await Victim.SessionsAsync(examples.Clinic, role, 1));
            var right = ids[0].Id;
            foreach (var (_, id) in route is { IdsInPath: > 0, IsWrite: false } ? ids.Prepend(("", examples.Desk.Patient.Value)).Prepend(("", examples.Desk.Visit.Value)) : [])
            {
                using var client = examples.Clinic.Anonymous();
                using var answer = await client.SendAsync(route.Ask(0, id, id, token), HttpCompletionOption.ResponseHeadersRead);
                if ((int)answer.StatusCode >= 400) continue;
                right = id;
                reached++;
                break;
            }
            using var request = route.Ask(0, right, right, token);
            var query = string.Join('&', route.Query.Select(it => $"{it.Name}={it.Of(right)}"));
            Write(route.Name, Raw(examples.Clinic, route.Name.Split(' ')[0], $"{Marked(request.RequestUri!.OriginalString)}{(query.Length > 0 ? $"?{query}" : "")}", token, null, null));
        }

        var root = SourceTree.Root;
        using var sqlmap = Process.Start(new ProcessStartInfo("python3", [Path.Combine(root, "bench/sqlmap.py"), folder.FullName]) { RedirectStandardOutput = true })!;   // started, or it throws
        var said = await sqlmap.StandardOutput.ReadToEndAsync();
        await sqlmap.WaitForExitAsync();

        output.WriteLine($"{said.TrimEnd().Split('\n')[^1]}; {reached} of them right as they stand");
        Assert.True(sqlmap.ExitCode == 0, said);
        folder.Delete(recursive: true);
    }

    private static bool EndsSessions(string template) => template.Contains("/sessions", StringComparison.Ordinal) || template.Contains("/account", StringComparison.Ordinal);

    /// <summary>The last id of the path is where sqlmap types.</summary>
    private static string Marked(string path) => Id().Matches(path) is [.., var last] ? path.Insert(last.Index + last.Length, "*") : path;

    private static string Raw(TestClinic clinic, string method, string path, string? token, int? version, string? body)
    {
        var lines = new List<string> { $"{method} {path} HTTP/1.1", $"Host: {new Uri(clinic.Address).Authority}", $"If-Match: \"{version ?? 1}\"", "Accept: application/json" };
        if (token is not null) lines.Add($"Authorization: {new AuthenticationHeaderValue("Bearer", token)}");
        if (body is not null) lines.AddRange(["Content-Type: application/json", $"Content-Length: {Encoding.UTF8.GetByteCount(body)}"]);
        return string.Join("\r\n", lines) + "\r\n\r\n" + body;
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
