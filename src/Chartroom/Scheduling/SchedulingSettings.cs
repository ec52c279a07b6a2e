using System.ComponentModel.DataAnnotations;

namespace Chartroom.Scheduling;

/// <summary>Settings of the calendar, section <c>Scheduling</c>.</summary>
public sealed class SchedulingSettings
{
    /// <summary>A patient who cancels with less notice than this cancels late. Hours, 0 to 336.</summary>
    [Range(0, 336, ErrorMessage = "LateCancelHours: write whole hours from 0 to 336.")]
    public int LateCancelHours { get; set; } = 24;
}
