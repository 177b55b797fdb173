using LoRA.MLNet.Benchmarks.Measurement;

namespace LoRA.MLNet.Benchmarks.Train;

/// <summary>Takes the time of every epoch but the first ones, from where training says it is.</summary>
internal sealed class EpochTimes(Repetitions times, int warmUp, int repeat) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (!value.EndsEpoch)
        {
            return;
        }

        if (value.Epoch > warmUp)
        {
            times.Stop();
        }

        if (value.Epoch >= warmUp && value.Epoch < warmUp + repeat)
        {
            times.Start();
        }
    }
}
