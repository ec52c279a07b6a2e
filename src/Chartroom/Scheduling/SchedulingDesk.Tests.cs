using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>A clinic with one place, two providers, two rooms, a visit type and weekly hours of 8 to 17 on all days, and patients to book.</summary>
public sealed class SchedulingDesk : IAsyncDisposable
{
    private SchedulingDesk(TestClinic clinic, StaffId provider) => (Clinic, Provider) = (clinic, provider);

    public TestClinic Clinic { get; }
    /// <summary>The clinic's own signed-in provider, mirrored into staff.</summary>
    public StaffId Provider { get; }
    public StaffId Colleague { get; } = StaffId.New();
    public LocationId Location { get; } = LocationId.New();
    public RoomId Room { get; } = RoomId.New();
    public VisitTypeId VisitType { get; } = VisitTypeId.New();
    public PatientId Patient { get; private set; }
    public HttpClient FrontDesk => Clinic.As(ClinicRole.FrontDesk);

    public static async Task<SchedulingDesk> OpenAsync(string now = "2026-03-02T14:00:00Z", string zone = "America/New_York", bool isOnTheNet = false, params string[] settings)
    {
        var clinic = await TestClinic.OpenAsync(now, zone, isOnTheNet: isOnTheNet, settings: settings);
        var desk = new SchedulingDesk(clinic, clinic.Actor(ClinicRole.Provider).Staff);
        await desk.FurnishAsync(zone);
        desk.Patient = await desk.AdmitAsync("Jo", "Lee");
        return desk;
    }

    /// <summary>Enters a patient.</summary>
    public async Task<PatientId> AdmitAsync(string given, string family)
    {
        await using var tx = await Clinic.The<TenantDb>().BeginAsync(Clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var entered = await PatientRegister.CreateAsync(tx, new Demographics { Names = [new() { Given = [given], Family = family }] }, "patient.created", default);
        await tx.CommitAsync(default);
        return entered.Value.Id;
    }

    /// <summary>The body of a booking.</summary>
    public JsonObject Ask(string day, string at, int? minutes = 30) => new()
    {
        ["patientId"] = Patient.ToString(), ["providerId"] = Provider.ToString(), ["visitTypeId"] = VisitType.ToString(), ["locationId"] = Location.ToString(),
        ["day"] = day, ["at"] = at, ["minutes"] = minutes,
    };

    public Task<Reply> BookAsync(JsonObject ask, ClinicRole role = ClinicRole.FrontDesk) => SendAsync("/api/v1/appointments", ask, null, role);

    /// <summary>Books, whatever rule speaks against it, and answers the visit.</summary>
    public async Task<JsonObject> BookedAsync(string day, string at, int minutes = 30)
    {
        var ask = Ask(day, at, minutes);
        ask["isConfirmed"] = true;
        var reply = await BookAsync(ask);
        Assert.Equal((201, null), (reply.Status, reply.Code));
        return reply.Body;
    }

    /// <summary>Changes a visit as the person who saw that version of it.</summary>
    public Task<Reply> ChangeAsync(JsonObject visit, string act, object body, ClinicRole role = ClinicRole.FrontDesk) =>
        SendAsync($"/api/v1/appointments/{visit["id"]}/{act}", body, (int)visit["version"]!, role);

    public async Task<Reply> SendAsync(string path, object body, int? version, ClinicRole role)
    {
        using var client = Clinic.As(role);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (version is { } seen) request.Headers.TryAddWithoutValidation("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{seen}\""));
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new((int)response.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<JsonObject>(text)! : []);
    }

    public async Task<JsonObject> GetAsync(string path, ClinicRole role = ClinicRole.FrontDesk)
    {
        using var client = Clinic.As(role);
        return (await client.GetFromJsonAsync<JsonObject>(path))!;
    }

    /// <summary>Visits, moves and done events of the calendar.</summary>
    public async Task<(long Visits, long Moves, long Events)> CountsAsync() => await Clinic.OneAsync<(long, long, long)>("""
        select (select count(*) from appointment), (select count(*) from appointment_move),
            (select count(*) from audit_event where action like 'appointment.%' and outcome = 'done')
        """);

    public ValueTask DisposeAsync() => Clinic.DisposeAsync();

    private async Task FurnishAsync(string zone)
    {
        await Clinic.RowsAsync<int>("insert into location (id, name, time_zone) values (@Location, 'Main Street', @zone)", new { Location, zone });
        await Clinic.RowsAsync<int>("insert into room (id, location_id, name) values (@Room, @Location, 'Room 1')", new { Room, Location });
        await Clinic.RowsAsync<int>("insert into visit_type (id, name, minutes, color) values (@VisitType, 'Follow-up', 20, 'teal')", new { VisitType });
        await HireAsync(Provider, "Dr. Ada Hart");
        await HireAsync(Colleague, "Dr. Ben Osei");
    }

    /// <summary>Another provider, at work from 8 to 17 on all days.</summary>
    public async Task HireAsync(StaffId id, string name)
    {
        await Clinic.RowsAsync<int>("""
            insert into staff (id, display_name, role) values (@id, @name, 'provider')
            on conflict (id) do update set display_name = excluded.display_name
            """, new { id, name });
        await Clinic.RowsAsync<int>("""
            insert into weekly_hours (id, staff_id, location_id, weekday, opens, closes)
            select gen_random_uuid(), @id, @Location, weekday, '08:00', '17:00' from generate_series(0, 6) as weekday
            """, new { id, Location });
    }
}

/// <summary>What the API answered.</summary>
public sealed record Reply(int Status, JsonObject Body)
{
    /// <summary>The refusal's code, or null.</summary>
    public string? Code => (string?)Body["code"];
}
