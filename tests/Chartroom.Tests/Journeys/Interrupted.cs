using Chartroom.Scribe;
using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>Forms that meet a closed door, and buttons that are clicked twice, in a real browser.</summary>
public sealed class Interrupted(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]   // the network has eaten the scripts, or they are off
    public async Task A_session_that_ended_in_the_middle_of_a_form_loses_none_of_its_words(bool hasScript)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        foreach (var (path, form, field, count) in new[]
        {
            ($"/visits/{desk.Visit}/review", "#transcript", "text", "transcript"),
            ("/patients/new", "#new-patient", "patient.name.family", "patient"),
            ($"/patients/{desk.Patient}/edit", "#edit-patient", "patient.name.family", "patient_version"),
            ($"/patients/{desk.Patient}/chart/new/problem", "#new-entry", "words", "entry where kind = 'problem'"),
        })
        {
            await using var visitor = await browser.OpenAsync(desk.Clinic.Address, hasScript: hasScript);
            await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
            var page = visitor.Page;
            await page.GotoAsync(path);
            var words = field == "text" ? SampleVisits.Knee : "Quillfeather <b>& Sons";
            await FillAsync(page, form, field, words);
            var before = await CountAsync(desk, count);

            await visitor.SignOutAsync();
            await SubmitAsync(page, form);
            if (hasScript) await Assertions.Expect(page.Locator("#signed-out")).ToBeVisibleAsync();
            else await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You have been signed out" })).ToBeVisibleAsync();
            Assert.Equal(before, await CountAsync(desk, count));
            if (hasScript) Assert.Equal(words, await page.Locator($"{form} [name='{field}']").InputValueAsync());

            await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);   // as in the new tab that the page offers
            var here = page.Url;
            await page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
            await Assertions.Expect(page).Not.ToHaveURLAsync(here);
            Assert.True(await CountAsync(desk, count) == before + 1, $"{path} at {page.Url}: {await page.Locator("main").InnerTextAsync()}");
            Assert.Empty(visitor.Complaints);
        }
    }

    [Fact]
    public async Task A_double_click_on_the_button_of_a_form_is_one_effect()
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;
        foreach (var (path, form, field, words, count) in new[]
        {
            ("/patients/new", "#new-patient", "patient.name.family", "Quillfeather", "patient"),
            ($"/patients/{desk.Patient}/edit", "#edit-patient", "patient.name.family", "Marlowe", "patient_version"),
            ($"/patients/{desk.Patient}/chart/new/problem", "#new-entry", "words", "Gout", "entry where kind = 'problem'"),
            ($"/patients/{desk.Patient}/chart/new/allergy", "#new-entry", "words", "Latex", "entry where kind = 'allergy'"),
            ($"/patients/{desk.Patient}/chart/new/medication", "#new-entry", "words", "Colchicine 0.6 mg tablet", "entry where kind = 'medication'"),
            ($"/visits/{desk.Visit}", "[id^='step-']", "", "", "appointment_move"),
            ($"/visits/{desk.Visit}/review", "#transcript", "text", SampleVisits.Knee, "transcript"),
        })
        {
            await page.GotoAsync(path);
            if (field.Length > 0) await FillAsync(page, form, field, words);
            var (before, here) = (await CountAsync(desk, count), page.Url);

            await TwiceAsync(page, form);

            await Assertions.Expect(page.Locator("main")).ToBeVisibleAsync();
            Assert.True(await CountAsync(desk, count) == before + 1, $"{path} at {page.Url}, then {here}: {await page.Locator("main").InnerTextAsync()}");
        }
        Assert.Equal(1, await CountAsync(desk, "draft where kind = 'note'"));
        Assert.Empty(visitor.Complaints);
    }

    /// <summary>
    /// Clicks twice, while two requests with all that the form holds are on their way, as a browser without our script would send at a double click. Those
    /// two go beside the page, since the page leaves at the click. All are answered before it goes on.
    /// </summary>
    private static async Task TwiceAsync(IPage page, string form)
    {
        const string Button = "form.querySelector('.form-buttons button[type=submit], button[type=submit]')";
        var request = await page.Locator(form).EvaluateAsync<string[]>($"form => [form.action, new URLSearchParams(new FormData(form, {Button})).toString()]");
        Task<IAPIResponse> SendAsync() => page.APIRequest.PostAsync(request[0], new()
        {
            DataString = request[1], MaxRedirects = 0,
            Headers = new Dictionary<string, string> { ["content-type"] = "application/x-www-form-urlencoded", ["accept"] = "text/html" },
        });
        var beside = new[] { SendAsync(), SendAsync() };
        await page.Locator(form).EvaluateAsync($"form => {{ form.dataset.left = ''; form.requestSubmit({Button}); {Button}.click(); }}");
        await Task.WhenAll(beside);
        await Assertions.Expect(page.Locator("form[data-left]")).ToHaveCountAsync(0);
    }

    private static async Task FillAsync(IPage page, string form, string field, string words)
    {
        await page.Locator($"{form} [name='{field}']").FillAsync(words);
        var born = page.Locator($"{form} [name='patient.birthDate']");
        if (await born.CountAsync() > 0) await born.FillAsync("3/4/1980");
    }

    private static Task<long> CountAsync(ReviewDesk desk, string from) => desk.Clinic.OneAsync<long>($"select count(*) from {from}");

    private static Task SubmitAsync(IPage page, string form) => page.Locator($"{form} .form-buttons button[type=submit]").First.ClickAsync();
}
