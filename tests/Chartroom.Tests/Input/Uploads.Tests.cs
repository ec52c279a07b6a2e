using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Chartroom.Isolation;
using Chartroom.Scribe;
using Xunit.Abstractions;

namespace Chartroom.Input;

/// <summary>
/// Hostile, broken and good files of kinds that no door takes (a door takes FHIR bundles, clinical documents, transcripts or recordings): each is refused with a reason, whatever it calls itself, and
/// leaves nothing but its audit event. The suite sends each file to one door in turn; CHARTROOM_INPUT=all to every one.
/// </summary>
public sealed class UploadsTests(ITestOutputHelper output)
{
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("CHARTROOM_INPUT") == "all";
    private static readonly string[] Folders = ["hostile-generated", "malformed-pdf/pdfjs", "malformed-pdf/qpdf_extra", "malformed-image/pillow", "valid-pdf/pdfjs", "valid-pdf/py-pdf", "ocr-positive/tesseract"];

    /// <param name="Expected">accept, quarantine or reject, of those that come with a verdict.</param>
    internal sealed record Sent(string Name, string Calls, string Type, byte[] Bytes, string? Expected = null);

    [SharedDataFact]
    public async Task PRV_12_Files_that_no_door_takes_are_refused_with_a_reason_and_leave_nothing()
    {
        await using var clinic = await Victim.OpenAsync();
        var files = Files().ToList();
        Assert.True(files.Count > 380, $"{files.Count} files");
        var visit = await clinic.Clinic.OneAsync<Guid>("select id from appointment limit 1");
        await RecordingTests.TakesRecordingsAsync(clinic.Clinic);
        var (heard, spoken) = (await ConsentedAsync(clinic, "11:00"), await ConsentedAsync(clinic, "12:00"));
        Assert.Equal((201, null), await RecordingTests.SendAsync(clinic.Desk, HttpMethod.Post, $"/api/v1/visits/{spoken}/recordings/begin"));
        var begun = await clinic.Clinic.OneAsync<Guid>("select id from recording");
        using var client = clinic.Clinic.As(ClinicRole.Provider);
        Func<Sent, HttpRequestMessage>[] doors =
        [
            file => new(HttpMethod.Post, "/api/v1/imports") { Content = Bytes(file) },
            file => new(HttpMethod.Post, "/patients/import") { Content = new MultipartFormDataContent { { Bytes(file), "files", Plain(file.Calls) } } },
            file => new(HttpMethod.Post, $"/visits/{visit}/transcripts") { Content = new MultipartFormDataContent { { new StringContent(""), "text" }, { Bytes(file), "file", Plain(file.Calls) } } },
            file => new(HttpMethod.Post, $"/visits/{visit}/transcripts") { Content = new MultipartFormDataContent { { new StringContent(""), "text" }, { Bytes(file), "file", "visit.txt" } } },
            file => new(HttpMethod.Post, $"/api/v1/visits/{visit}/transcripts") { Content = JsonContent.Create(new { text = Encoding.Latin1.GetString(file.Bytes) }) },
            file => new(HttpMethod.Post, $"/api/v1/visits/{heard}/recordings") { Content = Bytes(file) },
            file => new(HttpMethod.Post, $"/visits/{heard}/recordings") { Content = new MultipartFormDataContent { { new StringContent(""), "idempotency_key" }, { Bytes(file), "recording", Plain(file.Calls) } } },
            file => new(HttpMethod.Post, $"/visits/{heard}/recordings") { Content = new MultipartFormDataContent { { new StringContent(""), "idempotency_key" }, { Bytes(file), "recording", "visit.wav" } } },
            file => new(HttpMethod.Post, $"/api/v1/recordings/{begun}/parts/1/pieces/0") { Content = Bytes(file) },
        ];
        var before = await clinic.FingerprintAsync(withoutTrail: true);
        var (tries, faults) = (0, new List<string>());
        foreach (var (file, number) in files.Select((file, number) => (file, number)))
            foreach (var door in Enumerable.Range(0, doors.Length).Where(door => IsWhole || door == number % doors.Length))
            {
                using var request = doors[door](file);
                using var answer = await client.SendAsync(request);
                tries++;
                var text = await answer.Content.ReadAsStringAsync();
                if ((int)answer.StatusCode is < 400 or >= 500) faults.Add($"{file.Name} at door {door}: {(int)answer.StatusCode}");
                if (text.Contains("CANARY-3e7baf04", StringComparison.Ordinal)) faults.Add($"{file.Name} at door {door}: is shown");
            }

        output.WriteLine($"{tries} uploads of {files.Count} files at {doors.Length} doors: {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(60)));
        Assert.Equal(before, await clinic.FingerprintAsync(withoutTrail: true));
    }

    /// <summary>A visit at which everybody agreed to be recorded.</summary>
    private static async Task<string> ConsentedAsync(Victim clinic, string at)
    {
        var visit = (string)(await clinic.Desk.Scheduling.BookedAsync("2026-03-04", at))["id"]!;
        Assert.Equal(204, (await clinic.Desk.SendAsync($"/api/v1/visits/{visit}/recording-consents", JsonNode.Parse("""{"givenBy":"patient","manner":"spoken","everyoneAgreed":true}""")!, null, ClinicRole.Provider)).Status);
        return visit;
    }

    internal static IEnumerable<Sent> Files()
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.Root!, "security/files/hostile-generated/manifest.json")))!["cases"]!.AsArray()   // the fact is skipped without
            .GroupBy(it => (string)it!["name"]!).ToDictionary(it => it.Key, it => it.First()!);
        foreach (var folder in Folders)
            foreach (var path in SharedData.Files($"security/files/{folder}", "*").Where(path => !path.EndsWith("manifest.json", StringComparison.Ordinal)))
            {
                var (name, known) = (Path.GetFileName(path), manifest.GetValueOrDefault(Path.GetFileName(path)));
                yield return new($"{folder}/{name}", (string?)known?["upload_name"] ?? name, (string?)known?["declared_type"] ?? "application/octet-stream", File.ReadAllBytes(path), (string?)known?["expect"]);
            }
        yield return new("eicar", "eicar.com", "application/octet-stream", Encoding.ASCII.GetBytes(@"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"));
    }

    private static ByteArrayContent Bytes(Sent file)
    {
        var content = new ByteArrayContent(file.Bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.TryParse(file.Type, out var type) ? type : new("application/octet-stream");
        return content;
    }

    /// <summary>A name as a header can carry it; the path in it stays.</summary>
    private static string Plain(string name) => string.Concat(name.Select(it => it is < ' ' or > '~' or '"' ? '_' : it));
}
