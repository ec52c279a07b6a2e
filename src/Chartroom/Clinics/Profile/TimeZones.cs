using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>The IANA zones of this machine for a choice: those of the United States and Canada first, then the rest by name.</summary>
internal static class TimeZones
{
    private static readonly (string Id, string Words)[] Common =
    [
        ("America/New_York", "Eastern"), ("America/Chicago", "Central"), ("America/Denver", "Mountain"), ("America/Phoenix", "Arizona"),
        ("America/Los_Angeles", "Pacific"), ("America/Anchorage", "Alaska"), ("Pacific/Honolulu", "Hawaii"), ("America/Halifax", "Atlantic"),
        ("America/St_Johns", "Newfoundland"), ("America/Puerto_Rico", "Puerto Rico"),
    ];

    internal static IReadOnlyList<SelectField.Option> Options { get; } =
    [
        .. Common.Where(zone => ClinicTime.IsZone(zone.Id)).Select(zone => new SelectField.Option(zone.Id, $"{zone.Words} ({zone.Id})")),
        .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(ClinicTime.IsZone)
            .Except(Common.Select(zone => zone.Id)).Order(StringComparer.Ordinal).Select(id => new SelectField.Option(id, id)),
    ];
}
