using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Chartroom.Import;
using Chartroom.Scribe;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace Chartroom.Input;

/// <summary>
/// Values that nobody else has, typed into every text of every operation and of every form of every page, taken or refused, then looked for in clear: in all tables, logs,
/// spans, measurements, addresses and mail; with CHARTROOM_INPUT=all, 1,000 of them, and in every file of the database server (tables, indexes, log ahead, server log), in a
/// dump and among the program's own files. What may stand in clear by the data register (places, staff, accounts) is typed too, under other words, and has to be found.
/// </summary>
public sealed class CanariesTests(ITestOutputHelper output)
{
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("CHARTROOM_INPUT") == "all";
    private static readonly string[] Clear = ["/clinic", "/locations", "/rooms", "/devices", "/closures", "/visit-types", "/api-clients", "/note-templates", "/staff", "/sign-up", "/sessions", "/sign-in", "/password-reset", "/invite", "/account", "/settings", "/onboarding", "/set-up", "/step-up"];
    private static readonly string[] Secret = ["password", "current", "code", "token"];

    // Letters of this run alone: what other tests leave in the same server is not looked at.
    private readonly string secret = Word("Zq"), open = Word("Wq");
    private readonly List<string> faults = [];
    private (int Secret, int Open, int Taken) typed;

    [Fact]
    public async Task KEY_1_AUD_6_What_was_typed_through_every_entry_path_stands_in_clear_nowhere_and_the_program_never_says_it()
    {
        using var heard = new Overheard();
        await using var examples = await Examples.OpenAsync(settings: ["--Logging:LogLevel:Default=Debug", "--Logging:LogLevel:Microsoft.AspNetCore=Debug", "--Logging:Console:LogLevel:Default=None"]);
        examples.Clinic.The<ILoggerFactory>().AddProvider(heard);
        var wanted = IsWhole ? 1000 : 150;
        for (var round = 0; round == 0 || typed.Secret < wanted; round++)
        {
            foreach (var example in examples.All) await ThroughAsync(examples, example, isAll: IsWhole || typed.Secret < wanted);
            if (round == 0) await ThroughPagesAsync(examples);
            await ImportAsync(examples);
        }
        await RecordAsync(examples);
        await examples.Clinic.RunAsync([$"alter table {examples.Clinic.Schema}.entry rename to entry_gone"]);   // an outage in the middle of a request
        Assert.Contains(500, await ThroughAsync(examples, examples.All.Single(it => it.Name == "POST /api/v1/patients/{id}/entries"), isAll: true));
        await examples.Clinic.RunAsync([$"alter table {examples.Clinic.Schema}.entry_gone rename to entry"]);

        faults.AddRange([.. heard.With(secret).Select(line => $"the program says {line[..Math.Min(line.Length, 300)]}")]);   // before this test asks for it by name itself
        faults.AddRange(examples.Clinic.Mail.Sent.Where(mail => $"{mail}".Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(_ => "a mail tells it"));
        await LookInTablesAsync(examples);
        var (files, bytes) = IsWhole ? await LookInFilesAsync(examples) : (0, 0L);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{typed.Secret} secret and {typed.Open} open values typed ({typed.Taken} taken); {heard.Counts.Lines} lines, {heard.Counts.Spans} spans, {heard.Counts.Measurements} measurements; {files} files of {bytes / 1_000_000} MB: {faults.Count} faults"));
        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(50)));
        Assert.True(heard.Counts is (> 100, > 50, > 50), $"{heard.Counts}");
    }

    private static string Word(string start) => start + string.Concat(Enumerable.Range(0, 6).Select(_ => (char)RandomNumberGenerator.GetInt32('a', 'z' + 1)));

    /// <summary>A value of its own: a word, or what the field of that name takes.</summary>
    private string Value(string path, string name)
    {
        var isOpen = Clear.Any(it => path.Contains(it, StringComparison.Ordinal)) && !path.Contains("/patients", StringComparison.Ordinal) && !Secret.Contains(name, StringComparer.OrdinalIgnoreCase);
        if (isOpen) typed.Open++;
        else typed.Secret++;
        var word = Word(isOpen ? open : secret);
        return name.Equals("email", StringComparison.OrdinalIgnoreCase) ? $"{word}@example.com" : name.EndsWith("password", StringComparison.OrdinalIgnoreCase) ? $"{word}-Juniper-31" : word;
    }

    private async Task<List<int>> ThroughAsync(Examples examples, Example example, bool isAll)
    {
        var (count, answers) = (Examples.TextsOf((await example.MakeAsync()).Body).Count(), new List<int>());
        for (var number = 0; number < (isAll ? count : Math.Min(1, count)); number++)
        {
            var asked = await example.MakeAsync();
            var (path, put) = Examples.TextsOf(asked.Body).ElementAt(number);
            var value = Value(example.Template, path[(path.LastIndexOf('/') + 1)..]);
            put(example.Template.EndsWith("/transcripts", StringComparison.Ordinal) && path == "/text" ? SampleVisits.Knee + $"\n[patient] My friend {value} also had a dry cough." : value);
            var answer = await examples.SendAsync(example, asked);
            answers.Add(answer.Status);
            if (answer.Status < 400) typed.Taken++;
            else if (answer.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)) faults.Add($"{example.Name}: the refusal of {path} repeats it");
        }
        return answers;
    }

    /// <summary>Every form of every page, as each role that sees it.</summary>
    private async Task ThroughPagesAsync(Examples examples)
    {
        var known = await examples.PlacesAsync();
        var sent = new HashSet<string>();
        foreach (var role in new ClinicRole?[] { ClinicRole.Provider, ClinicRole.FrontDesk, ClinicRole.Admin, null })
        {
            using var client = role is { } who ? examples.Clinic.As(who) : examples.Clinic.Anonymous();
            foreach (var page in PageForm.PagesOf(examples.Clinic, known))
            {
                using var opened = await client.GetAsync(page);
                if (!opened.IsSuccessStatusCode || opened.Content.Headers.ContentType?.MediaType != "text/html") continue;
                foreach (var form in PageForm.In(await opened.Content.ReadAsStringAsync(), page).Where(form => form.Fields.Any(field => field.IsText) && sent.Add($"{page} {form.Action}")))
                {
                    var fields = form.Fields.Select(field => KeyValuePair.Create(field.Name, field.IsText ? Value(form.Action, field.Name) : field.Value)).ToList();
                    using var answer = await client.PostAsync(form.Action, new FormUrlEncodedContent(fields));
                    if ((int)answer.StatusCode < 400) typed.Taken++;
                    if ((int)answer.StatusCode >= 500) faults.Add($"{form.Action} of {page}: {(int)answer.StatusCode}");
                    if ($"{answer.Headers.Location}".Contains(secret, StringComparison.OrdinalIgnoreCase)) faults.Add($"{form.Action} of {page}: the address tells it");
                }
            }
        }
        Assert.True(sent.Count > 12, string.Join('\n', sent));
    }

    private async Task ImportAsync(Examples examples)
    {
        var bundle = Encoding.UTF8.GetString(Sample.Bundle(Sample.Visit));
        foreach (var word in new[] { "Ångström", "Zoë", "Kim Contact", "Sample cough", "Samplenut", "Hives", "Samplomycin 10 MG Oral Tablet" })
        {
            typed.Secret++;
            bundle = bundle.Replace(word, Word(secret), StringComparison.Ordinal);
        }
        var import = new Example("POST", "/api/v1/imports", ClinicRole.Provider, true, () => throw new NotSupportedException());
        var identity = $"{Guid.CreateVersion7():N}";
        var (status, text) = await examples.SendAsync(import, new("/api/v1/imports", []), Encoding.UTF8.GetBytes(bundle.Replace("4711", identity, StringComparison.Ordinal).Replace("000-00-0001", $"9{identity[^8..]}", StringComparison.Ordinal)));
        Assert.True(status == 200, text);
        typed.Taken++;
    }

    /// <summary>A recording whose sound and whose name hold the word: what is kept of it is searched with all the rest, and so is what refuses another.</summary>
    private async Task RecordAsync(Examples examples)
    {
        await RecordingTests.TakesRecordingsAsync(examples.Clinic);
        var (visit, audio) = ((string)(await examples.Desk.Scheduling.BookedAsync("2026-03-06", "16:00"))["id"]!, SampleAudio.Bursts(2));
        Assert.Equal(204, (await examples.Desk.SendAsync($"/api/v1/visits/{visit}/recording-consents", System.Text.Json.Nodes.JsonNode.Parse("""{"givenBy":"patient","manner":"spoken","everyoneAgreed":true}""")!, null, ClinicRole.Provider)).Status);
        for (var place = 1000; place < audio.Length - 100; place += 4000, typed.Secret++) Encoding.UTF8.GetBytes(Word(secret)).CopyTo(audio, place);
        using var client = examples.Clinic.As(ClinicRole.Provider);
        foreach (var isTaken in new[] { true, false })   // the second comes while the first waits to be transcribed
        {
            using var form = new MultipartFormDataContent { { new StringContent(""), "idempotency_key" }, { new ByteArrayContent(audio), "recording", $"{Word(secret)}.wav" } };
            using var answer = await client.PostAsync($"/visits/{visit}/recordings", form);
            Assert.Equal(isTaken, (int)answer.StatusCode < 400);
            if ((await answer.Content.ReadAsStringAsync()).Contains(secret, StringComparison.OrdinalIgnoreCase)) faults.Add("the answer to a recording repeats its name");
        }
        Assert.True(await examples.Clinic.OneAsync<long>("select coalesce(sum(length(content)), 0) from recording_chunk") > audio.Length, "The recording is not there to be searched.");
        typed.Taken++;
    }

    private async Task LookInTablesAsync(Examples examples)
    {
        var found = 0L;
        foreach (var table in await examples.Clinic.RowsAsync<string>("""
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('platform', current_schema()) and c.relkind in ('r', 'p', 'm') and not c.relispartition
            """))
        {
            // Bytes show in hexadecimal.
            var hits = await examples.Clinic.OneAsync<long>($"select count(*) from {table} as it where it::text ~* '{secret}|{Convert.ToHexString(Encoding.UTF8.GetBytes(secret[1..]))}'");
            if (hits > 0) faults.Add($"{hits} rows of {table} keep it in clear");
            found += await examples.Clinic.OneAsync<long>($"select count(*) from {table} as it where it::text ~* '{open}'");
        }
        if (found < 5) faults.Add($"of what may stand in clear {found} rows are found: the search is blind");
    }

    /// <summary>All files under the server's directory and the one it lies in, those of the program, and a dump.</summary>
    private async Task<(int Files, long Bytes)> LookInFilesAsync(Examples examples)
    {
        await examples.Clinic.RunAsync(["checkpoint"]);
        var data = await examples.Clinic.OneAsync<string>("select current_setting('data_directory')");
        var server = await examples.Clinic.OneAsync<string>("select split_part(current_setting('unix_socket_directories'), ',', 1)");
        var dump = Path.Combine(TestDatabase.DataDirectory, "canaries.sql");
        var asking = new System.Diagnostics.ProcessStartInfo("pg_dump", ["-w", "-h", server, "-U", "postgres", "-n", examples.Clinic.Schema, "-n", "platform", "-f", dump, new Npgsql.NpgsqlConnectionStringBuilder(examples.Clinic.Connection).Database!]);   // stands beside the server
        asking.Environment["PGPASSWORD"] = new Npgsql.NpgsqlConnectionStringBuilder(examples.Clinic.Connection).Password;
        using (var dumped = System.Diagnostics.Process.Start(asking)) await dumped!.WaitForExitAsync();
        var (files, bytes, wasFound) = (0, 0L, new HashSet<string>());
        foreach (var path in new[] { Path.GetDirectoryName(data)!, TestDatabase.DataDirectory }.SelectMany(root => Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })))
        {
            var content = await ReadAsync(path);
            (files, bytes) = (files + 1, bytes + content.Length);
            foreach (var form in Forms(secret)) if (content.AsSpan().IndexOf(form) >= 0) faults.Add($"{path} holds it");
            if (content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(open)) >= 0) wasFound.Add(path == dump ? "dump" : path.Contains("pg_wal", StringComparison.Ordinal) ? "log ahead" : path.StartsWith(data, StringComparison.Ordinal) ? "tables" : path);
        }
        File.Delete(dump);
        if (!wasFound.IsSupersetOf(["dump", "log ahead", "tables"])) faults.Add($"What may stand in clear is found only in {string.Join(", ", wasFound)}: the search is blind");
        return (files, bytes);
    }

    private static IEnumerable<byte[]> Forms(string word) =>
        from text in new[] { word, word.ToLowerInvariant(), word.ToUpperInvariant() }
        from bytes in new[] { Encoding.UTF8.GetBytes(text), Encoding.Unicode.GetBytes(text), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))) }
        select bytes;

    private static async Task<byte[]> ReadAsync(string path)
    {
        try
        {
            return await File.ReadAllBytesAsync(path);
        }
        catch (IOException)
        {
            return [];   // a table or a log file that went away meanwhile, or a socket
        }
    }
}
