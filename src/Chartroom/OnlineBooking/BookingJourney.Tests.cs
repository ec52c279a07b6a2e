using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.OnlineBooking;

public sealed class BookingJourneyTests(Browser browser) : IClassFixture<Browser>
{
    private const string Email = "ana@mail.example";

    [Theory]   // every test over HTTP goes the same way without script
    [InlineData(Browser.PhoneWidth, "Europe/London", "3:00 PM", "7:30 PM")]   // far from home: the clinic's time stays the one that counts
    [InlineData(Browser.DeskWidth, "America/New_York", null, null)]
    public async Task SCH_3_S9_A_patient_books_moves_and_cancels_by_link(int width, string zone, string? ownTen, string? ownHalfPastTwo)
    {
        await using var online = await OnlineDesk.OpenAsync(isOnTheNet: true);
        await online.RunAsync("update visit_type set align_minutes = 30, minutes = 30");
        await online.RunAsync("update location set address_line = '12 Main Street', city = 'Albany', state = 'NY', phone = '+15185550100'");
        await online.RunAsync("update scheduling_rules set booking_words = 'Please come ten minutes early.'");
        await using var visitor = await browser.OpenAsync(online.Clinic.Address, width, zone: zone);
        var picture = width.ToString(System.Globalization.CultureInfo.InvariantCulture);

        await ChooseAsync(visitor, online, (picture, ownTen));
        await TellAsync(visitor, online, (picture, ownTen));
        await ManageAsync(visitor, online, (picture, ownHalfPastTwo));

        Assert.Equal(("cancelled", "patient"), await online.Clinic.OneAsync<(string, string)>("select status, cancelled_by from appointment where patient_id is not null"));
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task The_desk_accepts_a_request_and_sees_who_may_be_an_old_patient(int width)
    {
        await using var online = await OnlineDesk.OpenAsync(isOnTheNet: true);
        await online.OfferAsync(online.Desk.Provider, "existing", "request");
        await online.AdmitAsync("Ana", "Vega", "1980-03-04", null, null);
        Assert.Equal("Request sent", (await online.BookAsync(online.Browser(), "2026-03-05T15:00:00Z", OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email), "existing")).Title);
        await using var visitor = await browser.OpenAsync(online.Clinic.Address, width);
        await visitor.SignInAsync(online.Clinic, ClinicRole.FrontDesk);

        await visitor.LookAtAsync("/booking-requests");
        await visitor.PictureAsync($"booking-requests-{width}");
        await Assertions.Expect(visitor.Page.GetByText("fits no patient")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("Nothing to look at")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText("in 3 minutes, unless it is undone")).ToBeVisibleAsync();
        await visitor.LookAtAsync("/booking-requests");
        await visitor.PictureAsync($"booking-requests-decided-{width}");

        Assert.Equal("booked", await online.Clinic.OneAsync<string>("select status from appointment"));
        Assert.Equal(1, await online.ToldAsync());
        Assert.Equal(["Your code", "Your request to Test Clinic", "Your visit at Test Clinic"], (await online.MailsAsync(Email)).Select(mail => mail.Subject));
    }

    private static async Task ChooseAsync(Visitor visitor, OnlineDesk online, (string Picture, string? OwnTen) look)
    {
        await visitor.LookAtAsync($"/book/{online.Slug}");
        await visitor.PictureAsync($"booking-times-{look.Picture}");
        await Assertions.Expect(visitor.Page.GetByText("Times are New York time")).ToBeVisibleAsync();
        if (look.OwnTen is not null) await Assertions.Expect(visitor.Page.GetByText("Your device shows London time")).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("No, I am new").CheckAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Show times" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByLabel("No, I am new")).ToBeCheckedAsync();
        await TimeAsync(visitor, "10:00 AM on Thursday, March 5", look.OwnTen);
        await visitor.Page.WaitForURLAsync("**/time/**");
        await visitor.IsFineAsync();
    }

    private static Task TimeAsync(Visitor visitor, string time, string? own) =>
        visitor.Page.GetByRole(AriaRole.Button, new() { Name = own is null ? time : $"{time}, {own} for you", Exact = true }).ClickAsync();

    /// <summary>What was typed stays when another time is taken, and the page can be loaded anew.</summary>
    private static async Task ChangeMindAsync(Visitor visitor, (string Picture, string? OwnTen) look)
    {
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Take another time" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("What you typed is kept")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByLabel("No, I am new")).ToBeCheckedAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"booking-kept-{look.Picture}");
        var before = visitor.Page.Url;
        await TimeAsync(visitor, "10:00 AM on Thursday, March 5", look.OwnTen);
        await Assertions.Expect(visitor.Page.GetByLabel("First name")).ToHaveValueAsync("Ana");
        Assert.NotEqual(before, visitor.Page.Url);
        await visitor.IsFineAsync();
    }

    private static async Task TellAsync(Visitor visitor, OnlineDesk online, (string Picture, string? OwnTen) look)
    {
        await visitor.PictureAsync($"booking-form-{look.Picture}");
        if (look.OwnTen is { } own) await Assertions.Expect(visitor.Page.Locator(".booking-slot")).ToContainTextAsync($"New York time; for you Thursday {own} (London time)");
        online.Clinic.Clock.Advance(TimeSpan.FromSeconds(30));
        await visitor.Page.GetByLabel("First name").FillAsync("Ana");
        await ChangeMindAsync(visitor, look);
        online.Clinic.Clock.Advance(TimeSpan.FromSeconds(30));
        await visitor.Page.GetByLabel("Last name").FillAsync("Vega");
        await visitor.Page.GetByLabel("Date of birth").FillAsync("1980-03-04");
        await visitor.Page.GetByLabel("Telephone").FillAsync("123");
        await visitor.Page.GetByLabel("E-mail", new() { Exact = true }).FillAsync(Email);
        await SendAsync(visitor, "Send me the code");
        await Assertions.Expect(visitor.Page.GetByText("This is not a telephone number").First).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"booking-errors-{look.Picture}");
        await visitor.Page.GetByLabel("Telephone").FillAsync("518 555 0123");
        await visitor.Page.GetByLabel("The clinic may send me e-mail").CheckAsync();
        await SendAsync(visitor, "Send me the code");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Look into your mailbox" })).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"booking-code-{look.Picture}");
        await visitor.Page.GetByLabel("Code", new() { Exact = true }).FillAsync(await online.CodeAsync(Email));
        await SendAsync(visitor, "Book the visit");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Visit booked" })).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"booking-done-{look.Picture}");
    }

    private static async Task ManageAsync(Visitor visitor, OnlineDesk online, (string Picture, string? OwnHalfPastTwo) look)
    {
        Assert.Contains("10:00 AM (New York time)", (await online.MailsAsync(Email))[^1].Body, StringComparison.Ordinal);
        await visitor.LookAtAsync(await online.LinkAsync(Email));
        await visitor.PictureAsync($"booking-prove-{look.Picture}");
        await visitor.Page.GetByLabel("Date of birth").FillAsync("1980-03-04");
        await SendAsync(visitor, "Show the visit");
        await Assertions.Expect(visitor.Page.GetByText("Thursday, March 5, 2026, 10:00 AM")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"booking-visit-{look.Picture}");
        await SendAsync(visitor, "I will come");
        await Assertions.Expect(visitor.Page.GetByText("The clinic knows that you will come")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Choose another time" }).ClickAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"booking-move-{look.Picture}");
        await TimeAsync(visitor, "2:30 PM on Friday, March 6", look.OwnHalfPastTwo);
        await Assertions.Expect(visitor.Page.GetByText("Friday, March 6, 2026, 2:30 PM")).ToBeVisibleAsync();
        await CancelAsync(visitor);
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"booking-cancelled-{look.Picture}");
        await SendAsync(visitor, "I want to come after all");
        await Assertions.Expect(visitor.Page.GetByText("Your visit stands again")).ToBeVisibleAsync();
        await CancelAsync(visitor);
    }

    private static async Task CancelAsync(Visitor visitor)
    {
        await visitor.Page.Locator("summary", new() { HasText = "Cancel the visit" }).ClickAsync();
        await SendAsync(visitor, "Cancel the visit");
        await Assertions.Expect(visitor.Page.GetByText("Your visit is cancelled").First).ToBeVisibleAsync();
    }

    private static Task SendAsync(Visitor visitor, string button) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
