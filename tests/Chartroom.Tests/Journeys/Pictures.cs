using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chartroom.Demo;
using Chartroom.Platform.Identity;

namespace Chartroom.Journeys;

/// <summary>The demo clinic is made and shown to a browser; <c>scripts/screenshots</c> keeps what it sees for the README.</summary>
public sealed class Pictures(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task The_demo_clinic_shows_a_day_a_chart_and_a_draft_that_waits_for_review()
    {
        // A Thursday noon in New York: some visits are over, some are to come.
        await using var host = await TestClinic.OpenAsync(now: "2026-11-19T17:05:00Z", isOnTheNet: true);
        var lines = new List<string>();
        await host.The<DemoClinic>().MakeAsync(line =>
        {
            lines.Add(line);
            return Task.CompletedTask;
        }, CancellationToken.None);
        await host.The<DemoClinic>().MakeAsync(_ => throw new InvalidOperationException("The second time there is nothing to make."), CancellationToken.None);
        Assert.Equal(8, lines.Count);

        await using var provider = await browser.OpenAsync(host.Address);
        await SignInAsync(host, provider, "provider");
        await provider.LookAtAsync("/day");
        Assert.InRange(await provider.Page.Locator("text=Dr. Omar Reyes").CountAsync(), 1, 10);
        Assert.InRange(await provider.Page.Locator(".flag-forms").CountAsync(), 1, 200);
        await provider.PictureAsync("day");
        await provider.LookAtAsync("/board");
        await provider.PictureAsync("board");
        await provider.LookAtAsync($"/patients/{await BusiestChartAsync(host)}/chart");
        await provider.PictureAsync("chart");
        await provider.LookAtAsync($"/visits/{await DraftedVisitAsync(host)}/review");
        await provider.PictureAsync("review");
    }

    private static async Task SignInAsync(TestClinic host, Visitor visitor, string role)
    {
        var account = host.The<DemoAccounts>().Read().Single(it => it.Role == role);
        var code = Totp.CodeOf(Base32.Read(account.TotpSecret)!, Totp.StepAt(host.Clock.GetUtcNow()));
        using var answer = await host.Anonymous().PostAsJsonAsync(new Uri("/api/v1/sessions", UriKind.Relative), new { account.Email, account.Password, code });
        var token = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["token"]!;
        await visitor.Page.Context.AddCookiesAsync([new() { Name = "chartroom", Value = token, Url = host.Address }]);
    }

    private static async Task<Guid> DraftedVisitAsync(TestClinic host)
    {
        var demo = (await host.The<DemoClinic>().FindAsync(CancellationToken.None))!.Value;
        return await host.OneAsync<Guid>($"select appointment_id from tenant_{demo.Value:N}.draft order by octet_length(content) desc limit 1");
    }

    private static async Task<Guid> BusiestChartAsync(TestClinic host)
    {
        var demo = (await host.The<DemoClinic>().FindAsync(CancellationToken.None))!.Value;
        return await host.OneAsync<Guid>($"select patient_id from tenant_{demo.Value:N}.entry group by patient_id order by count(*) desc, patient_id limit 1");
    }
}
