using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Journeys;
using Xunit.Abstractions;

namespace Chartroom.Input;

/// <summary>
/// Naughty strings and payloads put into charts, names and, in turn, into the texts of every operation; read again; then every page in Chromium (what is typed into its forms:
/// <see cref="TypedEverywhereTests"/>): no dialog, nothing that the policy had to refuse, no answer of 500, no page that is not itself any more. CHARTROOM_INPUT=all takes all strings.
/// </summary>
public sealed class NaughtyStringsTests(Browser browser, ITestOutputHelper output) : IClassFixture<Browser>
{
    private const int OnAChart = 60;
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("CHARTROOM_INPUT") == "all";
    private readonly List<string> faults = [];
    private string refused = "";
    private (int Typed, int Taken, int Read) counts;

    [Fact]
    public async Task ACC_11_Whatever_is_typed_anywhere_is_read_again_as_it_was_and_is_nothing_but_text_in_a_browser()
    {
        await using var examples = await Examples.OpenAsync(isOnTheNet: true);
        var strings = Naughty.Strings(IsWhole);
        var patients = new List<string>();
        foreach (var some in strings.Chunk(OnAChart)) patients.Add(await ChartOfAsync(examples, some));
        await ThroughOperationsAsync(examples, strings);
        var known = await examples.PlacesAsync();
        var pages = await LookAsync(examples, known, patients);

        output.WriteLine($"{strings.Count} strings, {counts.Typed} times typed, {counts.Taken} taken, {counts.Read} read again, {pages} pages seen: {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(40)));
        Assert.True(counts.Read >= strings.Count * 9 / 10, $"{counts}");   // a few are no diagnosis that a chart takes
    }

    /// <summary>A patient whose names and chart are such strings, read again one by one.</summary>
    private async Task<string> ChartOfAsync(Examples examples, string[] strings)
    {
        using var provider = examples.Clinic.As(ClinicRole.Provider);
        var patient = new JsonObject { ["name"] = new JsonObject { ["given"] = strings[0], ["family"] = strings[^1], ["nickname"] = strings[strings.Length / 2] }, ["address"] = new JsonObject { ["line1"] = strings[1 % strings.Length], ["city"] = strings[2 % strings.Length] }, ["birthDate"] = "1980-03-04", ["sex"] = "female" };
        var id = await TakenAsync(provider, "/api/v1/patients", new JsonObject { ["patient"] = patient, ["confirmed"] = true });
        if (id is null)   // a name has its limits
        {
            patient = new JsonObject { ["name"] = new JsonObject { ["given"] = "Naughty", ["family"] = "Strings" }, ["birthDate"] = "1980-03-04", ["sex"] = "female" };
            id = await TakenAsync(provider, "/api/v1/patients", new JsonObject { ["patient"] = patient, ["confirmed"] = true });
        }
        else if (!Holds(await provider.GetFromJsonAsync<JsonNode>($"/api/v1/patients/{id}"), strings[0])) faults.Add($"The name {strings[0]} is not read again.");
        foreach (var text in strings)
        {
            var content = new JsonObject { ["kind"] = "problem", ["code"] = new JsonObject { ["text"] = text }, ["status"] = "active", ["verification"] = "confirmed", ["comments"] = new JsonArray(text) };
            if (await TakenAsync(provider, $"/api/v1/patients/{id}/entries", new JsonObject { ["content"] = content }) is not { } entry) continue;
            var again = (await provider.GetFromJsonAsync<JsonNode>($"/api/v1/patients/{id}/entries/{entry}"))!["content"]!;
            counts.Read++;
            if ((string?)again["code"]!["text"] != text || (string?)again["comments"]![0] != text) faults.Add($"{text} came back as {again["code"]!["text"]}");
        }
        return id ?? throw new InvalidOperationException($"No patient could be made: {refused}");
    }

    private async Task<string?> TakenAsync(HttpClient client, string path, JsonObject body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        counts.Typed++;
        if ((int)answer.StatusCode >= 500) faults.Add($"{path}: {(int)answer.StatusCode} at {body.ToJsonString()}");
        if (!answer.IsSuccessStatusCode)
        {
            refused = await answer.Content.ReadAsStringAsync();
            return null;
        }
        counts.Taken++;
        var read = await answer.Content.ReadFromJsonAsync<JsonNode>();
        return (string?)read!["id"];
    }

    private static bool Holds(JsonNode? node, string text) => node switch
    {
        JsonObject record => record.Any(it => Holds(it.Value, text)),
        JsonArray list => list.Any(it => Holds(it, text)),
        JsonValue value => value.GetValueKind() == JsonValueKind.String && ((string)value!).Trim() == text.Trim().Normalize(),
        _ => false,
    };

    /// <summary>Every text of every operation in turn, so that each string is typed into some and each text gets some.</summary>
    private async Task ThroughOperationsAsync(Examples examples, IReadOnlyList<string> strings)
    {
        var turn = 0;
        for (var round = 0; round == 0 || (IsWhole && turn < strings.Count); round++)
            foreach (var example in examples.All)
            {
                var count = Examples.TextsOf((await example.MakeAsync()).Body).Count();
                foreach (var number in IsWhole ? Enumerable.Range(0, count) : Enumerable.Range(turn % Math.Max(count, 1), Math.Min(count, 1)))
                {
                    var (asked, text) = (await example.MakeAsync(), strings[turn++ % strings.Count]);
                    var (path, put) = Examples.TextsOf(asked.Body).ElementAt(number);
                    put(text);
                    var answer = await examples.SendAsync(example, asked);
                    counts.Typed++;
                    if (answer.Status < 400) counts.Taken++;
                    if (answer.Status >= 500) faults.Add($"{example.Name}, {path}: {answer.Status} at {text}");
                }
            }
    }

    private async Task<int> LookAsync(Examples examples, IReadOnlyDictionary<string, string> known, List<string> patients)
    {
        var walked = new HashSet<string>();
        foreach (var role in new[] { ClinicRole.Provider, ClinicRole.Admin, ClinicRole.FrontDesk })
        {
            await using var visitor = await browser.OpenAsync(examples.Clinic.Address);
            await visitor.SignInAsync(examples.Clinic, role);
            visitor.Page.Dialog += (_, dialog) =>
            {
                faults.Add($"{role}: a dialog says {dialog.Message} at {visitor.Page.Url}");
                _ = dialog.DismissAsync();
            };
            var pages = PageForm.PagesOf(examples.Clinic, known).Concat(patients.SelectMany(id => new[] { $"/patients/{id}", $"/patients/{id}/chart", $"/patients/{id}/edit", $"/patients/{id}/disclosures" }));
            foreach (var page in pages.Where(page => !page.Contains("export", StringComparison.Ordinal) || page == "/settings/export"))
            {
                if (!IsWhole && walked.Contains(page)) continue;
                using var client = examples.Clinic.As(role);
                using var head = await client.GetAsync(page, HttpCompletionOption.ResponseHeadersRead);
                if (!head.IsSuccessStatusCode || head.Content.Headers.ContentType?.MediaType != "text/html") continue;
                await visitor.Page.GotoAsync(page);
                walked.Add(IsWhole ? $"{role} {page}" : page);
                if (new Uri(visitor.Page.Url).AbsolutePath != page) faults.Add($"{role}: {page} led to {visitor.Page.Url}");
                if (await visitor.Page.Locator("script:not([src]):not([type='application/json'])").CountAsync() > 0) faults.Add($"{role}: {page} holds a script of its own");
            }
            faults.AddRange(visitor.Complaints.Select(it => $"{role}: {it}"));
        }
        return walked.Count;
    }
}
