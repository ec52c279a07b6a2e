using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace Chartroom.Scheduling;

public sealed class ChangeReasonTests
{
    [Fact]
    public async Task SCH_1_What_the_patient_comes_for_is_written_anew_sealed_and_by_who_saw_the_visit_as_it_stands()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        var address = $"/visits/{visit["id"]}";
        async Task<HttpStatusCode> PutAsync(string? reason, int version)
        {
            using var client = desk.FrontDesk;
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/appointments/{visit["id"]}/reason") { Content = JsonContent.Create(new { reason }) };
            request.Headers.TryAddWithoutValidation("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{version}\""));
            return (await client.SendAsync(request)).StatusCode;
        }
        async Task<string> PageAsync(string path)
        {
            using var client = desk.FrontDesk;
            return await client.GetStringAsync(path);
        }

        Assert.Contains("Add a reason", await PageAsync(address), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await PutAsync("Sore knee", 1));
        Assert.Contains("Sore knee", await PageAsync(address), StringComparison.Ordinal);
        Assert.Equal(0, await desk.Clinic.OneAsync<int>("select position('knee'::bytea in reason) from appointment"));
        using (var client = desk.FrontDesk)
        {
            using var sent = await client.PostAsync(address + "/reason?from=visit", new FormUrlEncodedContent(new Dictionary<string, string> { ["idempotency_key"] = "reason-1", ["version"] = "1", ["reason"] = "Sore elbow" }));
            Assert.Equal((HttpStatusCode.SeeOther, $"{address}?done=reason&v=1"), (sent.StatusCode, sent.Headers.Location?.ToString()));
        }
        Assert.Contains("Sore elbow</textarea>", await PageAsync(address + "/reason"), StringComparison.Ordinal);
        Assert.Contains("Reason saved.", await PageAsync(address + "?done=reason&v=1"), StringComparison.Ordinal);
        Assert.DoesNotContain("Sore knee", await PageAsync(address), StringComparison.Ordinal);

        await desk.ChangeAsync(visit, "status", new { status = "confirmed" });
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync("Sore thumb", 1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync(new string('x', 1001), 2));
        Assert.Contains("Sore elbow", await PageAsync(address), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await PutAsync(" ", 2));
        Assert.Contains("Add a reason", await PageAsync(address), StringComparison.Ordinal);
        Assert.Equal((2, 3L), (await desk.Clinic.OneAsync<int>("select version from appointment"), await desk.Clinic.OneAsync<long>("select count(distinct xid) from audit_event where action = 'appointment.reason-changed' and outcome = 'done'")));
    }
}
