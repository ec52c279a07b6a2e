using Chartroom.Platform.Outbox;

namespace Chartroom.OnlineBooking;

/// <summary>The e-mails of this capability: plain text. A subject names the clinic and nothing of the visit; a text names time and place, never the patient or the reason.</summary>
internal static class Mails
{
    public static OutboxMessage Code(string to, OpenClinic clinic, string code, int minutes) => new(to, "Your code", $"""
        Your code is {code}. It is good for {minutes} minutes.

        Somebody is booking a visit at {clinic.Name} with this address. If it was not you, do nothing: without the code nothing is booked.
        """);

    public static OutboxMessage Booked(string to, OpenClinic clinic, VisitWords visit, string link) => new(to, $"Your visit at {clinic.Name}", $"""
        Your visit is booked:

        {visit.Text}

        To see, confirm, move or cancel it, open this link. It asks for the birth date first:

        {link}
        {Call(clinic)}
        """);

    public static OutboxMessage Requested(string to, OpenClinic clinic, VisitWords visit, string link) => new(to, $"Your request to {clinic.Name}", $"""
        We have your request for a visit:

        {visit.Text}

        The clinic looks at it and answers by e-mail. Until then the time is kept for you. To see or cancel the request, open this link. It asks for the birth date first:

        {link}
        {Call(clinic)}
        """);

    public static OutboxMessage Accepted(string to, OpenClinic clinic, VisitWords visit, string link) => new(to, $"Your visit at {clinic.Name}", $"""
        The clinic has agreed to the visit you asked for:

        {visit.Text}

        To see, confirm, move or cancel it, open this link. It asks for the birth date first:

        {link}
        {Call(clinic)}
        """);

    public static OutboxMessage Declined(string to, OpenClinic clinic, VisitWords visit) => new(to, $"Your request to {clinic.Name}", $"""
        The clinic cannot offer the visit you asked for:

        {visit.Text}

        Please choose another time, or call.
        {Call(clinic)}
        """);

    private static string Call(OpenClinic clinic) => clinic.ShownPhone is { } phone ? $"\nQuestions? Call {phone}." : "";
}

/// <summary>A visit in a mail: time with its zone, and place.</summary>
internal sealed record VisitWords(DateTime LocalStart, DateTimeOffset StartsAt, string TimeZone, string With, string Place, string? Address)
{
    public string Text => $"""
        {When.LongDay(LocalStart)}, {When.Time(LocalStart)}{When.Which(StartsAt, LocalStart, TimeZone)} ({When.Zone(TimeZone)})
        {With}, {Place}{(Address is null ? "" : $", {Address}")}
        """;
}
