using Chartroom.Platform.Identity;
using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>From the sign-up form to the empty calendar, as a person goes it.</summary>
public sealed class OpeningAClinic(Browser browser) : IClassFixture<Browser>
{
    private readonly string email = $"ana-{Guid.CreateVersion7():N}@lakeside.example";

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task ACC_3_PRV_1_TEN_4_Somebody_signs_up_proves_who_they_are_signs_the_agreement_and_sets_the_clinic_up(int width)
    {
        await using var host = await TestClinic.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(host.Address, width);
        visitor.Page.SetDefaultTimeout(60_000);   // a password is hashed on the way, and the machine may be busy with other tests
        Assertions.SetDefaultExpectTimeout(30_000);

        await AskAsync(visitor);
        await ChoosePasswordAsync(visitor, await LinkAsync(host));
        await SetUpAuthenticatorAsync(visitor, host);
        await KeepCodesAsync(visitor);
        await SignAgreementAsync(visitor);
        await SetUpClinicAsync(visitor);

        await visitor.Page.WaitForURLAsync("**/day");
        await visitor.IsFineAsync();
    }

    private async Task AskAsync(Visitor visitor)
    {
        await visitor.LookAtAsync("/sign-up");
        await visitor.Page.GetByLabel("Name of the practice").FillAsync("Lakeside Family Practice");
        await visitor.Page.GetByLabel("Your name").FillAsync("Ana Whitfield");
        await visitor.Page.GetByLabel("Business e-mail").FillAsync("ana@gmail.com");
        await visitor.Page.GetByLabel("Telephone").FillAsync("(303) 555-0123");
        await SendAsync(visitor, "Send me the link");
        await Assertions.Expect(visitor.Page.GetByText("Use the address of your practice").First).ToBeVisibleAsync();
        Assert.Equal("Ana Whitfield", await visitor.Page.GetByLabel("Your name").InputValueAsync());   // nothing typed is lost
        await visitor.IsFineAsync();
        await visitor.Page.GetByLabel("Business e-mail").FillAsync(email);
        await SendAsync(visitor, "Send me the link");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Look into your mailbox" })).ToBeVisibleAsync();
        await visitor.IsFineAsync();
    }

    private async Task<string> LinkAsync(TestClinic host)
    {
        var body = await host.OneAsync<string>("select body from platform.outbox where recipient = @email", new { email });
        return new Uri(body.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal)).Trim()).PathAndQuery;
    }

    private static async Task ChoosePasswordAsync(Visitor visitor, string link)
    {
        await visitor.LookAtAsync(link);
        await visitor.Page.GetByLabel("Password").FillAsync("Lakeside2026!");
        await SendAsync(visitor, "Go on");
        await Assertions.Expect(visitor.Page.GetByText("first that a guesser tries").First).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Password").FillAsync(TestSignUp.Password);
        await visitor.FollowAsync(() => SendAsync(visitor, "Go on"), "/set-up/authenticator");
    }

    private static async Task SetUpAuthenticatorAsync(Visitor visitor, TestClinic host)
    {
        await visitor.IsFineAsync();
        var secret = Base32.Read(await visitor.Page.Locator("[data-totp-secret]").InnerTextAsync()) ?? throw new FormatException("No secret.");
        await visitor.Page.GetByLabel("Code", new() { Exact = true }).FillAsync(Totp.CodeOf(secret, Totp.StepAt(host.Clock.GetUtcNow())));
        await visitor.FollowAsync(() => SendAsync(visitor, "Confirm"), "/set-up/recovery-codes");
    }

    private static async Task KeepCodesAsync(Visitor visitor)
    {
        await visitor.IsFineAsync();
        var codes = await visitor.Page.Locator("[data-recovery-code]").AllInnerTextsAsync();
        Assert.Equal(10, codes.Count);
        await visitor.Page.GetByLabel("One of the codes").FillAsync(codes[6]);
        await visitor.FollowAsync(() => SendAsync(visitor, "They are kept"), "/onboarding/agreement");
    }

    private static async Task SignAgreementAsync(Visitor visitor)
    {
        await visitor.IsFineAsync();
        await visitor.Page.GetByLabel("Your name").FillAsync("Ana Whitfield");
        await visitor.FollowAsync(() => SendAsync(visitor, "Sign for the practice"), "/onboarding/profile");
    }

    // What stands in a step's form is saved by the button that goes on; the other buttons are there for somebody who adds more than one.
    private static async Task SetUpClinicAsync(Visitor visitor)
    {
        await visitor.IsFineAsync();
        await visitor.Page.GetByLabel("Name of the practice").FillAsync("Lakeside Clinic");
        await GoOnAsync(visitor, "/onboarding/locations");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Main Street");
        await SendAndWaitAsync(visitor, "Add the location", "Another room");
        await visitor.Page.GetByLabel("Another room").FillAsync("Room 1");
        await visitor.IsFineAsync();
        await GoOnAsync(visitor, "/onboarding/providers");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Dr. Bo Marsh");
        await visitor.Page.GetByLabel("E-mail").FillAsync($"bo-{Guid.CreateVersion7():N}@lakeside.example");
        await visitor.Page.GetByLabel("NPI").FillAsync("1234567893");
        await SendAndWaitAsync(visitor, "Invite by e-mail", "Dr. Bo Marsh");
        await visitor.IsFineAsync();
        await GoOnAsync(visitor, "/onboarding/hours");
        await visitor.IsFineAsync();
        await visitor.FollowAsync(() => SendAsync(visitor, "Go on"), "/onboarding/visit-types");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Yearly check");
        await visitor.IsFineAsync();
        await GoOnAsync(visitor, "/onboarding/staff");
        await visitor.IsFineAsync();
        await SendAsync(visitor, "Save and open the clinic");
    }

    private static Task GoOnAsync(Visitor visitor, string next) => visitor.FollowAsync(() => SendAsync(visitor, "Save and go on"), next);

    private static Task SendAsync(Visitor visitor, string button) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static async Task SendAndWaitAsync(Visitor visitor, string button, string text)
    {
        await SendAsync(visitor, button);
        await Assertions.Expect(visitor.Page.GetByText(text).First).ToBeVisibleAsync();
    }
}
