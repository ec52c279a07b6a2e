using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class SchedulingRulesTests
{
    private const string Api = "/api/v1/clinic/scheduling-rules", Offers = "/api/v1/clinic/online-offers";

    private static (string, string)[] Rules(string version, params (string Name, string Value)[] other) =>
    [
        ("version", version), .. new (string Name, string Value)[]
        {
            ("leadMinutes", "240"), ("horizonDays", "60"), ("lateCancelHours", "48"), ("holdMinutes", "7"), ("mostUpcoming", "2"), ("bookingWords", "Call 911 in an emergency."),
        }.Where(it => other.All(its => its.Name != it.Name)), .. other,
    ];

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, string path, string version, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", version);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    [Fact]
    public async Task S10_The_clinics_rules_are_saved_by_page_and_program_alike_and_a_stale_page_says_what_has_changed()
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.As(ClinicRole.Admin);
        var admin = new TestBrowser(client);

        Assert.Equal("/settings/scheduling?saved=true", (await admin.PostAsync("/settings/scheduling", Rules("1", ("isOnline", "true"), ("overbookRoles", "admin"), ("overbookRoles", "front_desk")))).Location);
        var told = (await client.GetFromJsonAsync<JsonObject>(Api))!;
        Assert.Equal((true, 240, 60, 48, 7, 2), ((bool)told["isOnline"]!, (int)told["leadMinutes"]!, (int)told["horizonDays"]!, (int)told["lateCancelHours"]!,
            (int)told["holdMinutes"]!, (int)told["mostUpcoming"]!));
        Assert.Equal(["admin", "front_desk"], told["overbookRoles"]!.AsArray().Select(role => (string)role!));
        told["horizonDays"] = 61;
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(client, Api, "\"2\"", told));

        var stale = await admin.PostAsync("/settings/scheduling", Rules("2", ("seen.horizonDays", "60")));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("Days ahead: <del>60</del> <ins>61</ins>", stale.Html, StringComparison.Ordinal);
        Assert.Equal("3", stale.Hidden("version"));
        Assert.Equal(2, await host.OneAsync<long>("select count(*) from audit_event where action = 'scheduling_rules.changed' and outcome = 'done'"));
    }

    [Theory]
    [InlineData("leadMinutes", "43201"), InlineData("horizonDays", "0"), InlineData("lateCancelHours", "169"), InlineData("holdMinutes", "31"), InlineData("mostUpcoming", "21"), InlineData("holdMinutes", "soon")]
    public async Task S10_A_rule_beyond_its_bounds_comes_back_beside_its_field(string field, string value)
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.As(ClinicRole.Admin);

        var refused = await new TestBrowser(client).PostAsync("/settings/scheduling", Rules("1", (field, value)));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotEqual("", refused.ErrorOf(field));
        Assert.Equal(1, await host.OneAsync<int>("select version from scheduling_rules"));
    }

    [Fact]
    public async Task S10_What_is_offered_online_is_chosen_by_type_provider_and_kind_of_patient_and_saved_whole()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        using var client = desk.Clinic.As(ClinicRole.Admin);
        var admin = new TestBrowser(client);
        string Cell(StaffId provider, string kind, OfferMode mode) => OfferCell.Of(desk.VisitType, provider, kind, mode);

        var shown = await admin.OpenAsync("/settings/online-booking");
        Assert.Contains("aria-label=\"Follow-up, Dr. Ada Hart, new patients\"", shown.Html, StringComparison.Ordinal);
        var saved = await admin.PostAsync("/settings/online-booking", ("version", shown.Hidden("version")),
            ("offers", Cell(desk.Provider, "new", OfferMode.Request)), ("offers", Cell(desk.Provider, "existing", OfferMode.Book)), ("offers", ""), ("offers", Cell(desk.Colleague, "existing", OfferMode.Book)));

        Assert.Equal("/settings/online-booking?saved=true", saved.Location);
        Assert.Equal(["Dr. Ada Hart existing book", "Dr. Ada Hart new request", "Dr. Ben Osei existing book"], await desk.Clinic.RowsAsync<string>(
            "select staff.display_name || ' ' || patient_kind || ' ' || mode from online_offer join staff on staff.id = provider_id order by 1"));
        var stale = await admin.PostAsync("/settings/online-booking", ("version", "1"), ("offers", Cell(desk.Provider, "new", OfferMode.Book)));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("Dr. Ada Hart, existing: book", stale.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(client, Offers, "\"2\"", new { offers = Array.Empty<object>() }));
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from online_offer"));
    }

    [Fact]
    public async Task S10_An_offer_of_a_provider_or_type_that_is_not_the_clinics_is_refused_and_nobody_but_an_administrator_sets_any()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        object Offer(Guid type, Guid provider, string kind = "new") => new { offers = new[] { new { visitTypeId = type, providerId = provider, patientKind = kind, mode = "book" } } };
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        using var frontDesk = desk.Clinic.As(ClinicRole.FrontDesk);

        foreach (var wrong in new[] { Offer(Guid.CreateVersion7(), desk.Provider.Value), Offer(desk.VisitType.Value, Guid.CreateVersion7()), Offer(desk.VisitType.Value, desk.Provider.Value, "both") })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync(admin, Offers, "\"1\"", wrong));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(frontDesk, Offers, "\"1\"", Offer(desk.VisitType.Value, desk.Provider.Value)));
        Assert.Equal((0, 1), await desk.Clinic.OneAsync<(long, int)>("select (select count(*) from online_offer), version from scheduling_rules"));
    }
}
