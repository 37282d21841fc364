from django.urls import path

from longlight.clinic.demo.views import enter

urlpatterns = [path("demo/enter/<str:token>", enter, name="demo-enter")]
