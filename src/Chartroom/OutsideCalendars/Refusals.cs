namespace Chartroom.OutsideCalendars;

/// <summary>Why outside calendars say no.</summary>
internal static class Refusals
{
    public static readonly Refusal NoSuchFeed = new("outside-calendars.no-such-feed", 404, "There is no calendar at this address. Its owner may have made a new one.");
    public static readonly Refusal Unknown = new("outside-calendars.unknown-calendar", 404, "There is no such outside calendar.");
    public static readonly Refusal ProvidersOnly = new("outside-calendars.providers-only", 403, "Only people whose own calendar it is may do this: providers.");
    public static readonly Refusal BadAddress = new("outside-calendars.bad-address", 422, "This is no address of a calendar that can be read from here.");
    public static readonly Refusal TooMany = new("outside-calendars.too-many", 409, "There are five outside calendars already. Remove one first.");
}
