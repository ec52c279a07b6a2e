using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Chartroom.Accounts;
using Chartroom.Isolation;
using Chartroom.Platform.Tenancy;
using Chartroom.Scribe;

namespace Chartroom.Input;

/// <summary>A request that an operation takes, ready to be altered.</summary>
/// <param name="Version">What If-Match names, or null.</param>
/// <param name="File">What is sent instead of the body; null for JSON.</param>
/// <param name="Token">Whose session it is sent under, where that is not the role's.</param>
internal sealed record Asked(string Path, JsonObject Body, int? Version = null, byte[]? File = null, string FileType = "application/octet-stream", string? Token = null);

/// <summary>An operation that reads JSON, with the role that may use it.</summary>
/// <param name="Role">Null for a door that is open to everyone.</param>
/// <param name="IsTaken">False where a right example would need a link from a mail or a code: it is refused, and all that is read before is read.</param>
internal sealed record Example(string Method, string Template, ClinicRole? Role, bool IsTaken, Func<Task<Asked>> MakeAsync)
{
    public string Name => $"{Method} {Template}";
}

/// <summary>A clinic, and for every operation that reads JSON an example of its own. One that nobody has written yet is made from the description, and refused.</summary>
internal sealed partial class Examples : IAsyncDisposable
{
    private readonly ReviewDesk desk;
    private int slots, reasons;

    private Examples(ReviewDesk desk) => this.desk = desk;

    public TestClinic Clinic => desk.Clinic;

    public ReviewDesk Desk => desk;

    /// <summary>Of every operation of the description that reads JSON.</summary>
    public IReadOnlyList<Example> All { get; private set; } = [];

    /// <summary>Of those that change something and read none.</summary>
    public IReadOnlyList<Example> Acts { get; private set; } = [];

    /// <summary>The description.</summary>
    public JsonNode Document { get; private set; } = new JsonObject();

    public static async Task<Examples> OpenAsync(bool isOnTheNet = false, params string[] settings)
    {
        var examples = new Examples(await ReviewDesk.OpenAsync(isOnTheNet, settings));
        examples.Document = JsonNode.Parse(await examples.Clinic.Anonymous().GetStringAsync("/openapi.json"))!;
        examples.All = examples.Collect();
        examples.Acts = [.. examples.OfActs().Concat(examples.Written()).Where(it => examples.All.All(other => other.Name != it.Name))];
        await using var tx = await examples.Clinic.The<PlatformDb>().BeginAsync(Origin.Job("test"), CancellationToken.None);
        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk })
            await examples.Clinic.The<Credentials>().CreateAsync(tx, examples.Clinic.Actor(role).Person, "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b27Fg", CancellationToken.None);
        tx.Audit(new("test.credentials-made", "clinic", examples.Clinic.Id.Value), examples.Clinic.Actor(ClinicRole.Admin).Person, examples.Clinic.Id);
        await tx.CommitAsync(CancellationToken.None);
        return examples;
    }

    /// <summary>Sends that body, with a session of its own: what it does to the session spoils nothing.</summary>
    public async Task<(int Status, string Text)> SendAsync(Example example, Asked asked, byte[]? body = null, string type = "application/json", string? trace = null)
    {
        using var client = Clinic.Anonymous();
        using var request = new HttpRequestMessage(new(example.Method), asked.Path) { Content = new ByteArrayContent(body ?? asked.File ?? Encoding.UTF8.GetBytes(asked.Body.ToJsonString())) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(asked.File is null ? type : asked.FileType);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", $"{Guid.CreateVersion7()}");
        if (asked.Version is { } version) request.Headers.TryAddWithoutValidation("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{version}\""));
        if (trace is not null) request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        if (asked.Token is { } own) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", own);
        else if (example.Role is { } role) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(role, example));
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A text property in a body: where it stands and how to put another there.</summary>
    public static IEnumerable<(string Path, Action<JsonNode> Put)> TextsOf(JsonNode body, string path = "")
    {
        var children = body switch
        {
            JsonObject record => record.Select(it => (Name: it.Key, it.Value, Put: (Action<JsonNode>)(value => record[it.Key] = value))).ToList(),
            JsonArray list => [.. list.Select((it, index) => (Name: $"{index}", Value: it, Put: (Action<JsonNode>)(value => list[index] = value)))],
            _ => [],
        };
        foreach (var (name, value, put) in children)
        {
            if (value is JsonValue text && text.TryGetValue<string>(out _)) yield return ($"{path}/{name}", put);
            else if (value is not null)
                foreach (var inner in TextsOf(value, $"{path}/{name}")) yield return inner;
        }
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task<string> TokenAsync(ClinicRole role, Example example) =>
        example.Template.StartsWith("/api/v1/sessions", StringComparison.Ordinal) || example.Template.StartsWith("/api/v1/account", StringComparison.Ordinal)
            ? Assert.Single(await Victim.SessionsAsync(Clinic, role, 1)) : Clinic.TokenOf(role);

    private List<Example> Collect()
    {
        var written = Written().ToDictionary(example => example.Name);
        return [.. (from path in Document["paths"]!.AsObject()
                    from operation in path.Value!.AsObject()
                    where operation.Value?["requestBody"]?["content"]?["application/json"] is not null && path.Key != "/api/v1/imports"
                    let name = $"{operation.Key.ToUpperInvariant()} {path.Key}"
                    select written.GetValueOrDefault(name) ?? Made(operation.Key.ToUpperInvariant(), path.Key, operation.Value))];
    }

    /// <summary>Of an operation that has no example: texts that are none, under ids that nobody has.</summary>
    private static Example Made(string method, string path, JsonNode operation)
    {
        var role = (string?)operation["x-permission"] is { } named && Enum.TryParse<Permission>(named, out var permission)
            ? new[] { ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk }.First(it => Rights.Allows(it, permission))
            : operation["security"] is null ? (ClinicRole?)null : ClinicRole.Provider;
        var filled = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", _ => Guid.CreateVersion7().ToString());
        return new(method, path, role, IsTaken: false, () => Task.FromResult(new Asked(filled, new JsonObject { ["text"] = "x" }, 1)));
    }

    /// <summary>The day and time of a visit that overlaps no other.</summary>
    private (string Day, string At) Slot()
    {
        var number = slots++;
        return (new DateOnly(2026, 3, 4).AddDays(number / 16).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"{8 + (number % 16 / 2):00}:{number % 2 * 30:00}");
    }

    private Task<int> VersionAsync(string table, string id) => table switch
    {
        "clinic" => Clinic.OneAsync<int>($"select version from platform.clinic where id = '{id}'"),
        "hours" => Clinic.OneAsync<int>($"select hours_version from staff where id = '{id}'"),
        "shifts" => Clinic.OneAsync<int>($"select coalesce(max(number), 0) + 1 from shift_change where staff_id = '{id}'"),
        _ => Clinic.OneAsync<int>($"select version from {table} where id = '{id}'"),
    };

    private async Task<JsonObject> PostedAsync(ClinicRole role, string path, JsonObject body)
    {
        var reply = await desk.SendAsync(path, body, null, role);
        Assert.True(reply.Status is 200 or 201, $"{path}: {reply.Status} {reply.Body}");
        return reply.Body;
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
