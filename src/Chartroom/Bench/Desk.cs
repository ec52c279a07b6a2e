using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chartroom.Platform.Identity;

namespace Chartroom.Bench;

/// <summary>A signed-in provider and the acts of their day, as a program sees them: it knows the API and nothing of the code behind it.</summary>
internal sealed class Desk
{
    private const int SlotsPerDay = 30;   // half hours from 6:00 on: no night of a clock change is touched
    private readonly string token;
    private readonly DateOnly busyDay, firstFreeDay;
    private readonly string[] patients, providers;
    private readonly string location, visitType;
    private int booked = -1;

    private Desk(string token, DateOnly busyDay, DateOnly firstFreeDay, JsonNode day, string location, string visitType)
    {
        (this.token, this.busyDay, this.firstFreeDay, this.location, this.visitType) = (token, busyDay, firstFreeDay, location, visitType);
        patients = [.. Texts(day["visits"], "patientId").Distinct()];
        providers = [.. Texts(day["providers"], "id")];
    }

    /// <summary>How many charts are opened in turn.</summary>
    public int Patients => patients.Length;

    /// <summary>The busiest day around today.</summary>
    public LoadAct DayView => new("day view", _ => Ask(HttpMethod.Get, $"/api/v1/days/{busyDay:yyyy-MM-dd}"), 200);

    /// <summary>Charts of that day's patients in turn.</summary>
    public LoadAct OpenChart => new("open chart", number => Ask(HttpMethod.Get, $"/api/v1/patients/{patients[number % patients.Length]}/chart"), 200);

    /// <summary>Visits in free half hours, one after another, months ahead.</summary>
    public LoadAct Book => new("book", number =>
    {
        var slot = Interlocked.Increment(ref booked);
        var who = number % patients.Length;
        var request = Ask(HttpMethod.Post, "/api/v1/appointments");
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        request.Content = JsonContent.Create(new
        {
            patientId = patients[who],
            providerId = providers[who % providers.Length],   // a patient's own, so that a replayed booking names one who exists
            locationId = location,
            visitTypeId = visitType,
            day = firstFreeDay.AddDays(slot / SlotsPerDay),
            at = new TimeOnly(6, 0).AddMinutes(slot % SlotsPerDay * 30),
            minutes = 30,
            isConfirmed = true,
        });
        return request;
    }, 201);

    /// <summary>Signs in and looks around.</summary>
    /// <exception cref="InvalidOperationException">The program refused; the message has its words.</exception>
    public static async Task<Desk> SignInAsync(HttpClient client, LoadSettings settings, DateTimeOffset now, CancellationToken ct)
    {
        var secret = Base32.Read(settings.TotpSecret) ?? throw new InvalidOperationException("The authenticator's secret is not Base32.");
        var ask = new { settings.Email, settings.Password, code = Totp.CodeOf(secret, Totp.StepAt(now)) };
        using var answer = await client.PostAsJsonAsync("/api/v1/sessions", ask, ct);
        var token = (string)(await ReadAsync(answer, ct))["token"]!;   // ReadAsync has thrown on anything but success

        async Task<JsonNode> GetAsync(string path)
        {
            using var request = Ask(HttpMethod.Get, path, token);
            using var found = await client.SendAsync(request, ct);
            return await ReadAsync(found, ct);
        }

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var days = new List<(DateOnly Date, JsonNode Day)>();
        for (var offset = -3; offset <= 3; offset++) days.Add((today.AddDays(offset), await GetAsync($"/api/v1/days/{today.AddDays(offset):yyyy-MM-dd}")));
        var (date, busiest) = days.MaxBy(it => Texts(it.Day["visits"], "id").Count());
        if (!Texts(busiest["visits"], "id").Any()) throw new InvalidOperationException("This clinic has no visits around today; measure on the demo clinic.");
        var location = Texts(await GetAsync("/api/v1/locations"), "id").First();
        var visitType = Texts(await GetAsync("/api/v1/visit-types"), "id").First();
        // Earlier runs booked without a gap, so behind the first empty week all is free.
        var firstFreeDay = today.AddDays(60);
        while (Texts((await GetAsync($"/api/v1/days/{firstFreeDay:yyyy-MM-dd}"))["visits"], "id").Any()) firstFreeDay = firstFreeDay.AddDays(7);
        return new(token, date, firstFreeDay, busiest, location, visitType);
    }

    private HttpRequestMessage Ask(HttpMethod method, string path) => Ask(method, path, token);

    private static HttpRequestMessage Ask(HttpMethod method, string path, string token)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{answer.RequestMessage?.RequestUri?.AbsolutePath}: {(int)answer.StatusCode} {text}"));
        return JsonNode.Parse(text) ?? throw new InvalidOperationException("An empty answer.");
    }

    private static IEnumerable<string> Texts(JsonNode? list, string field) =>
        (list is JsonArray items ? items : list?["items"] as JsonArray ?? []).Select(item => (string?)item?[field]).OfType<string>();
}
