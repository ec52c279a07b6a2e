namespace Chartroom.Scheduling;

/// <summary>A day as the API tells it. Instants carry the offset the location's clocks have then, so that the two 1:30s of an autumn night differ.</summary>
internal sealed record DayAnswer(DateOnly Date, string TimeZone, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<DayAnswer.Provider> Providers,
    IReadOnlyList<DayAnswer.Item> Visits)
{
    internal sealed record Provider(StaffId Id, string Name, IReadOnlyList<OpenHours> Hours);
    internal sealed record OpenHours(LocationId LocationId, TimeOnly Opens, TimeOnly Closes);
    internal sealed record Item(AppointmentId Id, PatientId? PatientId, string PatientName, StaffId ProviderId, string VisitType, string? Room,
        DateTimeOffset StartsAt, DateTimeOffset EndsAt, TimeOnly At, VisitStatus Status, int Version)
    {
        /// <summary>Papers that nobody has received; told while the visit is ahead or under way.</summary>
        public int FormsMissing { get; init; }
        /// <summary>Which visit of the patient's at this clinic it is or will be, from 1; told while the visit is ahead or under way.</summary>
        public int? VisitNumber { get; init; }
        /// <summary>The language in which somebody has to interpret; absent: nobody.</summary>
        public string? Interpreter { get; init; }
        /// <summary>What whoever meets the patient must know first.</summary>
        public string? Alert { get; init; }
    }

    public static DayAnswer Of(Day day) => new(day.Date, day.TimeZone, SlotRules.At(day.From, day.TimeZone), SlotRules.At(day.To, day.TimeZone),
        [.. day.Around.Hours.GroupBy(hours => (hours.ProviderId, hours.ProviderName)).Select(group => new Provider(group.Key.ProviderId, group.Key.ProviderName,
            [.. group.Where(hours => hours.LocationId is not null).Select(OpenOf)]))],
        [.. day.Visits.Select(visit => new Item(visit.Id, visit.Status == VisitStatus.Held ? null : visit.PatientId, visit.PatientName, visit.ProviderId, visit.VisitType, visit.RoomName,
            SlotRules.At(visit.StartsAt, day.TimeZone), SlotRules.At(visit.EndsAt, day.TimeZone), TimeOnly.FromDateTime(visit.LocalStart), visit.Status, visit.Version)
        {
            FormsMissing = visit.FormsMissing,
            VisitNumber = visit.VisitNumber,
            Interpreter = visit.Interpreter,
            Alert = visit.Alert,
        })]);

    private static OpenHours OpenOf(DayHours hours) => new(hours.LocationId!.Value, At(hours.Opens!.Value), At(hours.Closes!.Value));   // a row with a location has both

    private static TimeOnly At(int minute) => TimeOnly.MinValue.AddMinutes(Math.Min(minute, 1439));
}
