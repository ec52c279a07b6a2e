using System.Globalization;
using System.Text.Json;
using Chartroom.Patients;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>A clinic whose page is open: one visit type with one provider for new and old patients, weekly hours of 8 to 17.</summary>
public sealed class OnlineDesk : IAsyncDisposable
{
    private OnlineDesk(SchedulingDesk desk) => Desk = desk;

    public SchedulingDesk Desk { get; }
    public TestClinic Clinic => Desk.Clinic;
    public string Slug => $"t-{Clinic.Id.Value:N}";

    public static async Task<OnlineDesk> OpenAsync(string now = "2026-03-02T14:00:00Z", string zone = "America/New_York", bool isOnTheNet = false, params string[] settings)
    {
        var online = new OnlineDesk(await SchedulingDesk.OpenAsync(now, zone, isOnTheNet, settings));
        await online.RunAsync("update scheduling_rules set is_online = true, most_upcoming = 3");
        foreach (var kind in new[] { "new", "existing" }) await online.OfferAsync(online.Desk.Provider, kind, "book");
        return online;
    }

    public Task OfferAsync(StaffId provider, string kind, string mode) => Clinic.RowsAsync<int>("""
        insert into online_offer (visit_type_id, provider_id, patient_kind, mode) values (@VisitType, @provider, @kind, @mode)
        on conflict on constraint online_offer_pkey do update set mode = excluded.mode
        """, new { Desk.VisitType, provider, kind, mode });

    public Task RunAsync(string sql) => Clinic.RowsAsync<int>(sql);

    public TestBrowser Browser() => new(Clinic.Anonymous());

    /// <summary>A patient with everything to be found by.</summary>
    public async Task<PatientId> AdmitAsync(string given, string family, string born, string? email, string? phone)
    {
        await using var tx = await Clinic.The<TenantDb>().BeginAsync(Clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var entered = await PatientRegister.CreateAsync(tx, new Demographics
        {
            Names = [new() { Given = [given], Family = family }], BirthDate = PartialTime.Of(DateOnly.Parse(born, CultureInfo.InvariantCulture)),
            Telecoms = [.. new[] { (ContactSystem.Email, email), (ContactSystem.Phone, phone) }.Where(it => it.Item2 is not null).Select(it => new ContactPoint { System = it.Item1, Value = it.Item2! })],
        }, "patient.created", default);
        await tx.CommitAsync(default);
        return entered.Value.Id;
    }

    public Task<TestPage> HoldAsync(TestBrowser browser, string time, string kind = "new", StaffId? with = null) => browser.PostAsync($"/book/{Slug}/time",
        ("kind", kind), ("type", Desk.VisitType.ToString()), ("with", with?.ToString() ?? ""), ("at", Desk.Location.ToString()), ("time", time));

    /// <summary>Holds a time and answers the page of the booking.</summary>
    public async Task<string> HeldAsync(TestBrowser browser, string time, string kind = "new")
    {
        var held = await HoldAsync(browser, time, kind);
        Assert.True(held.Location is not null, $"{held.Status}: {held.Html}");
        return held.Location!;
    }

    public static (string, string)[] Person(string given, string family, string born, string email, string phone = "303 555 0123", string reason = "") =>
        [("given", given), ("family", family), ("birthDate", born), ("email", email), ("phone", phone), ("reason", reason), ("consent", "true")];

    /// <summary>Sends the form as a person would, who takes a while.</summary>
    public Task<TestPage> TellAsync(TestBrowser browser, string booking, (string, string)[] person)
    {
        Clinic.Clock.Advance(TimeSpan.FromSeconds(20));
        return browser.PostAsync($"{booking}/details", person);
    }

    /// <summary>All the way to a booked visit; answers the confirmation page.</summary>
    public async Task<TestPage> BookAsync(TestBrowser browser, string time, (string, string)[] person, string kind = "new")
    {
        var booking = await HeldAsync(browser, time, kind);
        Assert.Equal(booking, (await TellAsync(browser, booking, person)).Location);
        var code = await browser.PostAsync($"{booking}/code", ("code", await CodeAsync(person.Single(it => it.Item1 == "email").Item2)));
        return code.Location is null ? code : await browser.OpenAsync(code.Location);
    }

    /// <summary>The clinic's mail to an address, in order.</summary>
    public async Task<List<OutboxMessage>> MailsAsync(string email)
    {
        await using var tx = await Clinic.The<TenantDb>().BeginAsync(Clinic.Actor(ClinicRole.System), Permission.SeeClinic, default);
        var rows = await tx.QueryAsync<MailRow>("select id, content from outbox order by id", null, default);
        tx.Audit(new("mails.read", "outbox"));
        await tx.CommitAsync(default);
        return [.. rows.Select(row => tx.OpenForClinic<OutboxMessage>(row.Content, new("outbox", "content", row.Id))).Where(mail => mail.Recipient == email)];
    }

    /// <summary>As if what the desk decided had stood for long enough; answers how many patients were told.</summary>
    public Task<int> ToldAsync()
    {
        Clinic.Clock.Advance(TimeSpan.FromMinutes(3));
        return Clinic.The<DecisionNotices>().TellAsync(Clinic.Id, default);
    }

    public async Task<string> CodeAsync(string email) =>
        string.Concat((await MailsAsync(email)).Last(mail => mail.Subject == "Your code").Body.SkipWhile(sign => !char.IsAsciiDigit(sign)).TakeWhile(char.IsAsciiDigit));

    /// <summary>The path of the link in the last mail.</summary>
    public async Task<string> LinkAsync(string email) => new Uri((await MailsAsync(email))[^1].Body.Split('\n').Select(line => line.Trim())
        .Single(line => line.Contains("/visit/", StringComparison.Ordinal))).AbsolutePath;

    public ValueTask DisposeAsync() => Desk.DisposeAsync();

    private sealed record MailRow(Guid Id, byte[] Content);
}
