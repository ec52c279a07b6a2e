using Chartroom.Platform.Identity;
using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>A person looks after their own locks, is asked for a fresh proof inside a form, and goes to another clinic by the menu.</summary>
public sealed class OwnSecurity(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task ACC_9_TEN_5_Sessions_factors_a_fresh_proof_and_another_clinic_in_a_browser(int width)
    {
        await using var host = await TestClinic.OpenAsync(isOnTheNet: true);
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var colleague = Guid.CreateVersion7();
        await host.RunAsync(["insert into platform.person (id, email, name, email_verified_at) values (@colleague, @address, 'Test Colleague', now())",
            "insert into platform.membership (clinic_id, person_id, role, created_at) select @other, id, 'front_desk', '2020-01-01' from platform.person where email = @email",
            """
            insert into platform.membership (clinic_id, person_id, role)
            select membership.clinic_id, @colleague, 'front_desk' from platform.membership join platform.person on person.id = person_id where email = @email and clinic_id <> @other
            """,
            "insert into platform.credential (person_id, password_hash, password_set_at, totp_secret, totp_confirmed_at) values (@colleague, '$argon2id$none', now(), '\\x00', now())"],
            new { colleague, address = $"{colleague:N}@test.example", email = practice.Email, other = host.Id.Value });
        await practice.Browser.OpenAsync("/");   // brings the clinic's list of staff in line
        host.Clock.Advance(StepUpGate.Fresh);
        await using var visitor = await browser.OpenAsync(host.Address, width);
        var page = visitor.Page;
        await page.Context.AddCookiesAsync([new() { Name = "chartroom", Value = practice.Browser.Session!, Url = host.Address }]);

        await visitor.LookAtAsync("/settings/profile");
        await visitor.PictureAsync($"profile-none-{width}");
        var photo = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7():N}.jpg");
        await File.WriteAllTextAsync(photo, "no picture");
        await page.SetInputFilesAsync("[name=photo]", photo);
        await page.ClickAsync("button:has-text('Use this photo')");
        await page.WaitForSelectorAsync(".field-error:has-text('no picture')");
        await visitor.IsFineAsync();
        await File.WriteAllBytesAsync(photo, await Accounts.ProfileTests.PictureAsync("jpeg"));
        await page.SetInputFilesAsync("[name=photo]", photo);
        await page.ClickAsync("button:has-text('Use this photo')");
        await page.WaitForSelectorAsync("img.photo");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('img.photo').complete || new Promise(done => document.querySelector('img.photo').addEventListener('load', () => done(true)))"));
        Assert.Equal(256, await page.EvaluateAsync<int>("document.querySelector('img.photo').naturalWidth"));
        File.Delete(photo);
        await visitor.LookAtAsync("/settings/profile");
        await visitor.PictureAsync($"profile-{width}");
        await visitor.LookAtAsync("/settings/security");
        await visitor.PictureAsync($"security-{width}");
        await visitor.FollowAsync(() => page.ClickAsync("text=Replace the authenticator"), "/step-up?to=**");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"step-up-{width}");
        await page.FillAsync("#f-code, [name=code]", practice.CodeNow);
        await visitor.FollowAsync(() => page.ClickAsync("button:has-text('Go on')"), "/settings/security/authenticator");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"authenticator-{width}");

        var self = await host.OneAsync<Guid>("select id from platform.person where email = @email", new { email = practice.Email });
        await visitor.LookAtAsync($"/settings/staff/{self}/sessions");
        await visitor.PictureAsync($"colleague-sessions-{width}");
        await visitor.LookAtAsync($"/settings/staff/{colleague}/sessions");   // nobody is signed in
        await visitor.LookAtAsync($"/settings/staff/{colleague}/authenticator");
        await visitor.PictureAsync($"reset-{width}");
        await page.ClickAsync("button:has-text('Reset it')");
        await page.WaitForSelectorAsync("[data-hand-over]");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"reset-code-{width}");
        await visitor.LookAtAsync("/settings/data");
        await visitor.PictureAsync($"data-{width}");
        await visitor.LookAtAsync("/settings/policies");
        await page.FillAsync("[name=idleMinutes]", "61");
        await page.ClickAsync("#policies button:has-text('Save')");
        await page.WaitForSelectorAsync(".field-error:has-text('5 to 60')");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"policies-{width}");
        await page.FillAsync("[name=idleMinutes]", "20");
        await page.ClickAsync("#policies button:has-text('Save')");
        await page.WaitForSelectorAsync(".field-error", new() { State = WaitForSelectorState.Detached });
        await visitor.LookAtAsync("/settings/security");
        await page.WaitForSelectorAsync("text=after 20 minutes without use");

        host.Clock.Advance(StepUpGate.Fresh);
        await visitor.LookAtAsync($"/settings/staff/{colleague}");
        await page.CheckAsync("#edit-role input[value=provider]");
        await page.ClickAsync("#edit-role button:has-text('Change the role')");
        await page.FillAsync("#step-up-code", "000000");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"step-up-form-{width}");
        await page.PressAsync("#step-up-code", "Enter");
        await page.WaitForSelectorAsync("#edit-role .notice-title:has-text('not right')");
        Assert.True(await page.IsCheckedAsync("#edit-role input[value=provider]"));   // nothing chosen is lost
        await page.FillAsync("#step-up-code", practice.CodeNow);
        await page.ClickAsync("text=Confirm and go on");
        await page.WaitForSelectorAsync("#step-up-code", new() { State = WaitForSelectorState.Detached });
        Assert.Equal("provider", await host.OneAsync<string>("select role from platform.membership where person_id = @colleague", new { colleague }));

        await page.ClickAsync(".person-menu summary");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"clinics-{width}");
        await page.ClickAsync(".person-menu button:has-text('Test Clinic')");
        await page.WaitForSelectorAsync(".brand-name:text-is('Test Clinic')", new() { State = WaitForSelectorState.Attached });
        await visitor.IsFineAsync();
    }
}
